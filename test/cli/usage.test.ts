// What a user can get wrong: one clear line on stderr, nothing on stdout, exit status 2.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gatagBench, temporaryFolder } from '../project.js';

const WRONG: Record<string, [string[], RegExp]> = {
  'an unknown command': [['dance'], /unknown command 'dance'/],
  'an unknown option': [['bench', '--fast'], /unknown option '--fast'/],
  'an unknown suite': [['bench', '--suite', 'tiny'], /Allowed choices are quick, default, full/],
  'an unknown strategy': [
    ['verify', '--strategy', 'hash'],
    /no strategy "hash"; the built-in ones are posted-v4/,
  ],
  'a strategy file that is not there': [
    ['bench', '--strategy', './no.js'],
    /\.\/no\.js: there is no such file/,
  ],
  'the same strategy twice under one id': [
    ['verify', '--strategy', 'dist/strategies/floor.js'],
    /id "floor" is taken by a built-in strategy/,
  ],
  'an unknown workload': [['bench', '--workload', 'idle'], /no workload "idle"; there are pinned/],
  'an axis that there is not': [
    ['bench', '--sweep', 'speed'],
    /--sweep speed: there is no such axis; there are entriesPerVcpu, iommus/,
  ],
  'a design that is not written in C': [
    ['native', '--strategy', 'dist/test/strategies/bucket-locks.js'],
    /bucket-locks is not written in C/,
  ],
  'an assignment without a value': [['bench', '--set', 'vms'], /--set vms: expected KEY=VALUE/],
  'an unknown parameter': [
    ['bench', '--set', 'speed=1'],
    /--set speed: there is no such parameter; there are/,
  ],
  'a parameter of a workload that is not run': [
    ['bench', '--workload', 'pinned', '--set', 'moveShare=1'],
    /a parameter of the workload rebalance/,
  ],
  'a cache that timed processes do not have': [
    ['bench', '--set', 'cachedFields=run-state'],
    /--set cachedFields=run-state: only verify models what an IOMMU caches/,
  ],
  'a cache that native programs do not have': [
    ['native', '--set', 'cachedFields=ga-log-intr'],
    /--set cachedFields=ga-log-intr: only verify models what an IOMMU caches/,
  ],
  'a host parameter out of range': [['bench', '--set', 'hashBits=99'], /--set hashBits=99: .*<=16/],
  'a host parameter that is none of the choices': [
    ['bench', '--set', 'irqTableEntries=100'],
    /irqTableEntries=100: .*256\|512\|2048/,
  ],
  'an unknown preset': [['verify', '--set', 'preset=v5'], /preset=v5: expected one of v6.8, 2016/],
  'no threads': [['bench', '--threads', '0'], /expected a whole number from 1/],
  'more threads than a host is made for': [['bench', '--threads', '2000'], /--threads: .*<=1024/],
  'a seed that is no number': [['bench', '--seed', '1e3'], /expected a whole number/],
  'no processes': [['bench', '--processes', '0'], /--processes .* expected a whole number from 1/],
  'more processes than there can be': [['bench', '--processes', '1001'], /--processes: Too big: .*<=1000/],
  'a recording without the workload for it': [
    ['bench', '--workload', 'pinned', '--trace', 'x'],
    /--trace goes with the workload recorded/,
  ],
  'a recording that is not there': [['list', 'workloads', '--trace', '/no/such/file'], /\/no\/such\/file/],
  'a file that is no recording': [
    ['bench', '--workload', 'recorded', '--trace', 'package.json'],
    /package\.json: no vCPU thread in .*debug-threads=on/,
  ],
  'results that are not there': [
    ['report', '/no/results.json'],
    /\/no\/results\.json: cannot be read: ENOENT/,
  ],
  'results without an end': [['report', '/dev/zero'], /\/dev\/zero: cannot be read: (?!undefined)/],
  'results of another kind': [['report', 'package.json'], /package\.json: schema: .*gatag-bench results/],
  'a device table too small for the workload': [
    ['verify', '--workload', 'many-queues', '--set', 'irqsPerVcpu=2000', 'devicesPerVm=1'],
    /device 0 needs more than the \d+ IRTEs of its table/,
  ],
  'an output folder that cannot be made': [
    ['bench', '--workload', 'pinned', '--out', 'package.json/out'],
    /package\.json\/out: cannot be written/,
  ],
};

for (const [what, [words, message]] of Object.entries(WRONG)) {
  test(`${what} is one clear line and status 2`, async () => {
    const { status, stdout, stderr } = await gatagBench(words);
    assert.equal(status, 2, stderr);
    assert.equal(stdout, '');
    const lines = stderr.trim().split('\n');
    assert.equal(lines.length, 1, stderr);
    assert.match(stderr, message);
  });
}

const MODULES: Record<string, [string, RegExp]> = {
  'that does not parse': ['export default {', /cannot be imported: SyntaxError/],
  'without a default export': ['export const strategy = {};', /the default export is no strategy/],
  'without an id': ['export default { title: "x" };', /default\.id: /],
  'with an id that could be a path': [
    'export default { id: "../x", title: "x", summary: "x", source: "x", gaLog: "always", limits: [], notes: [], create() {} };',
    /default\.id: lower-case letters/,
  ],
  'with a policy that there is not': [
    'export default { id: "x", title: "x", summary: "x", source: "x", gaLog: "never", limits: [], notes: [], create() {} };',
    /default\.gaLog: .*always/,
  ],
  'whose create() throws': [
    'export default { id: "x", title: "x", summary: "x", source: "x", gaLog: "always", limits: [], notes: [], create() { throw new Error("no") } };',
    /create\(\) throws: Error: no/,
  ],
  'whose hypervisor lacks verbs': [
    'export default { id: "x", title: "x", summary: "x", source: "x", gaLog: "always", limits: [], notes: [], create: () => ({ load() {} }) };',
    /create\(\) gives no createVm\(\), vcpuAt\(\)/,
  ],
};

for (const [what, [text, message]] of Object.entries(MODULES)) {
  test(`a module ${what} is one clear line and status 2`, async (t) => {
    const file = join(temporaryFolder(t), 'mine.mjs');
    writeFileSync(file, text);
    const { status, stderr } = await gatagBench(['verify', '--strategy', file]);
    assert.equal(status, 2, stderr);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
    assert.match(stderr, message);
  });
}

const RESULTS_FILES: Record<string, [string, RegExp]> = {
  'that is no JSON names the line': [
    '{\n  "version": 3,\n  rounds: 2\n}',
    /run\.json: line 3, column 3: expected JSON/,
  ],
  'of something else names the field': ['{ "schema": "other" }', /run\.json: schema: .*gatag-bench results/],
  'with a wrong type names the field': [
    '{ "schema": "gatag-bench results", "version": "many" }',
    /run\.json: version: .*expected number/,
  ],
  'with a token that V8 does not place names no place': ['{"forks":\n NaN}', /run\.json: expected JSON$/m],
  'that is cut off names its end': ['{\n "schema":', /run\.json: line 2, column 11: expected JSON/],
  'with a byte order mark is read': ['\uFEFF{ "schema": "other" }', /run\.json: schema: /],
  'that is empty is an error': ['', /run\.json: line 1, column 1: expected JSON/],
};

for (const [what, [text, message]] of Object.entries(RESULTS_FILES)) {
  test(`a results file ${what}`, async (t) => {
    const file = join(temporaryFolder(t), 'run.json');
    writeFileSync(file, text);
    const { status, stderr } = await gatagBench(['report', file]);
    assert.equal(status, 2, stderr);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
    assert.match(stderr, message);
  });
}

test('a run that is asked to judge nothing says so, with status 2', async () => {
  const verify = ['verify', '--workload', 'none', '--histories', '0', '--schedules', '0'];
  for (const words of [verify, ['bench', '--workload', 'none']]) {
    const { status, stdout, stderr } = await gatagBench(words);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /^gatag-bench: there is nothing to judge: .*\n$/);
  }
});
