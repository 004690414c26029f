// npm run layouts-header
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SOURCES } from './compile.js';
import { generatedHeaders } from './layouts-header.js';

for (const [path, text] of Object.entries(generatedHeaders())) writeFileSync(join(SOURCES, path), text);
