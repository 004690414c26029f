import assert from 'node:assert/strict';
import { test } from 'node:test';
import { captureEnvironment, warningsOf } from '../../harness/environment.js';
import type { Environment } from '../../harness/results/results.js';

const IDEAL: Omit<Environment, 'warnings'> = {
  ...(await captureEnvironment()),
  cpus: 8,
  load: 0.1,
  governor: 'performance',
  turbo: 'off',
  smt: 'off',
  virtualised: null,
  cgroupCpuQuota: null,
  clockSource: 'tsc',
  timedCpu: 7,
  nodeFlags: [],
};

test('a machine that is ideal for timing has no warnings', () => {
  assert.deepEqual(warningsOf(IDEAL), []);
});

const DOUBTS: readonly (readonly [Partial<Environment>, RegExp])[] = [
  [{ load: 1.3 }, /load average was 1\.30/],
  [{ cpus: 1 }, /one CPU/],
  [{ governor: 'powersave' }, /governor is "powersave"/],
  [{ turbo: 'on' }, /Turbo is on/],
  [{ smt: 'on' }, /SMT is on/],
  [{ virtualised: 'QEMU' }, /virtual machine \(QEMU\)/],
  [{ cgroupCpuQuota: '50000 of 100000 us' }, /cgroup limits CPU time: 50000 of 100000 us/],
  [{ clockSource: 'hpet' }, /clock source is "hpet"/],
  [{ timedCpu: null }, /not pinned/],
  [{ nodeFlags: ['--expose-gc'] }, /flags: --expose-gc/],
];

for (const [doubt, warning] of DOUBTS) {
  test(`a warning says what is not ideal: ${Object.keys(doubt).join()}`, () => {
    const [first, ...others] = warningsOf({ ...IDEAL, ...doubt });
    assert.match(first ?? '', warning);
    assert.deepEqual(others, []);
  });
}

test('what a machine does not say is no warning', () => {
  const silent = { governor: null, turbo: null, smt: null, clockSource: null };
  assert.deepEqual(warningsOf({ ...IDEAL, ...silent }), []);
});
