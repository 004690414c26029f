// npm run layouts-header
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NATIVE_SOURCES } from './compile.js';
import { layoutsHeader } from './layouts-header.js';

writeFileSync(join(NATIVE_SOURCES, 'layouts.h'), layoutsHeader());
