// Every workload at full size, on the default host.
import { HOST_PRESETS } from '../../machine/host.js';
import { testTimedPrograms } from '../harness/native/timed-programs.js';

testTimedPrograms(HOST_PRESETS['v6.8'], () => ({}));
