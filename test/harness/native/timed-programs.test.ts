import { SMALL } from './cases.js';
import { smallHost } from './streams.js';
import { testTimedPrograms } from './timed-programs.js';

testTimedPrograms(smallHost('v6.8'), (workload) => SMALL[workload] ?? {});
