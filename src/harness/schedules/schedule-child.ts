// One process that judges a strategy on operations at once.
import { readFileSync } from 'node:fs';
import { CheckedMemory } from '../../machine/checked-memory.js';
import { ObservedMemory } from '../../machine/observed-memory.js';
import { importStrategy, keepStdoutForProtocol, reply, signOfLife } from '../child-main.js';
import type { ScheduleJob } from '../child-protocol.js';
import { HISTORY_MEMORY_BYTES } from '../method.js';
import { checkSchedules } from './schedule-check.js';

keepStdoutForProtocol();
const job = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as ScheduleJob;
const memory = new CheckedMemory(new ObservedMemory(HISTORY_MEMORY_BYTES));
reply(checkSchedules(await importStrategy(job.strategy), job.schedules, memory, signOfLife));
