import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { repaired, type Step } from '../../../workloads/trace/repair.js';
import type { PutState, VcpuSwitch } from '../../../workloads/trace/switch-log.js';

const load = (thread: number, cpu: number): VcpuSwitch => ({ kind: 'load', thread, cpu });
const put = (thread: number, cpu: number, state: PutState = 'S'): VcpuSwitch => ({
  kind: 'put',
  thread,
  cpu,
  state,
});

const stepsOf = (switches: VcpuSwitch[], vcpuOfThread: number[]): Step[] =>
  [...repaired(switches, vcpuOfThread)].filter(
    (step): step is Step => step.kind === 'load' || step.kind === 'put',
  );

/** The steps in short: kind and CPU, and why it was inserted. */
const steps = (switches: VcpuSwitch[], vcpuOfThread = [0, 1, 2]): string[] =>
  stepsOf(switches, vcpuOfThread).map(
    ({ kind, vcpu, cpu, blocking, repair }) =>
      `${kind} ${vcpu} on ${cpu}${blocking ? ' blocking' : ''}${repair === null ? '' : ` (${repair})`}`,
  );

it('a legal schedule stays as it is', () => {
  assert.deepEqual(steps([load(0, 1), put(0, 1), load(0, 2), put(0, 2, 'R'), load(1, 1)]), [
    'load 0 on 1',
    'put 0 on 1 blocking',
    'load 0 on 2',
    'put 0 on 2',
    'load 1 on 1',
  ]);
});

it('a vCPU blocks in every state but R and R+', () => {
  const states = (['R', 'R+', 'S', 'other'] as const).map((state) => put(0, 0, state));
  const blocking = stepsOf(states, [0])
    .filter(({ repair }) => repair === null)
    .map((step) => step.blocking);
  assert.deepEqual(blocking, [false, false, true, true]);
});

it('a first put is of a vCPU that ran when the recording began', () => {
  assert.deepEqual(steps([put(1, 3)]), ['load 1 on 3 (running-at-start)', 'put 1 on 3 blocking']);
});

it('a later put without a load gets one, on its CPU', () => {
  assert.deepEqual(steps([load(0, 1), put(0, 1), put(0, 2, 'R')]), [
    'load 0 on 1',
    'put 0 on 1 blocking',
    'load 0 on 2 (missing-load)',
    'put 0 on 2',
  ]);
});

it('a second load without a put gets one, as of a preempted vCPU', () => {
  assert.deepEqual(steps([load(0, 1), load(0, 2)]), [
    'load 0 on 1',
    'put 0 on 1 (missing-put)',
    'load 0 on 2',
  ]);
});

it('a put on another CPU than the load gets what is missing in between', () => {
  assert.deepEqual(steps([load(0, 1), put(0, 2)]), [
    'load 0 on 1',
    'put 0 on 1 (missing-put)',
    'load 0 on 2 (missing-load)',
    'put 0 on 2 blocking',
  ]);
});

it('a load on the CPU of another vCPU takes that one off first', () => {
  assert.deepEqual(steps([load(0, 1), load(1, 1), load(0, 1)]), [
    'load 0 on 1',
    'put 0 on 1 (missing-put)',
    'load 1 on 1',
    'put 1 on 1 (missing-put)',
    'load 0 on 1',
  ]);
});

it('two threads of one vCPU are one vCPU', () => {
  assert.deepEqual(steps([load(0, 1), load(1, 2)], [5, 5]), [
    'load 5 on 1',
    'put 5 on 1 (missing-put)',
    'load 5 on 2',
  ]);
});

it('any switches become a schedule that a host could have, with each of them in it, in order', () => {
  const thread = fc.nat(3);
  const cpu = fc.nat(2);
  const event = fc.oneof(
    fc.tuple(thread, cpu).map(([of, on]) => load(of, on)),
    fc
      .tuple(thread, cpu, fc.constantFrom<PutState>('R', 'R+', 'S', 'other'))
      .map(([of, on, state]) => put(of, on, state)),
  );
  fc.assert(
    fc.property(fc.array(event), (switches) => {
      const all = stepsOf(switches, [0, 1, 2, 3]);
      const cpuOf = new Map<number, number>();
      for (const step of all) {
        assert.equal(cpuOf.get(step.vcpu), step.kind === 'load' ? undefined : step.cpu);
        if (step.kind === 'load') cpuOf.set(step.vcpu, step.cpu);
        else cpuOf.delete(step.vcpu);
      }
      assert.deepEqual(
        all.filter(({ repair }) => repair === null).map((step) => [step.kind, step.vcpu, step.cpu]),
        switches.map((recorded) => [recorded.kind, recorded.thread, recorded.cpu]),
      );
    }),
  );
});
