// The scheduler on small operations: the steps that it makes, the steps that it answers, and the failures that it
// detects.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EndlessError, JournaledMemory } from '../../../../harness/oracle/memory/journaled-memory.js';
import { exploration, keyOfRun } from '../../../../harness/verify/schedules/schedule-sources.js';
import {
  type Run,
  type Schedule,
  type ScheduledOperation,
  Scheduler,
} from '../../../../harness/verify/schedules/scheduler.js';
import { TurnMemory, turnHardware } from '../../../../harness/verify/schedules/turn-memory.js';
import { HOST_PRESETS } from '../../../../machine/host.js';
import { CachingIommus } from '../../../../machine/irte-cache.js';
import { LockError, type Memory } from '../../../../machine/memory.js';

const COUNTER = 64;
const LOCK = 80;
const OTHER_LOCK = 96;
const MAX_STEPS = 1000;

/** Operations on a memory of their own. Each run starts from clear words. */
function scene(...bodies: ((memory: Memory) => void)[]) {
  const memory = new JournaledMemory(1 << 16);
  const scheduler = new Scheduler(MAX_STEPS, new CachingIommus(HOST_PRESETS['v6.8']));
  const seen = new TurnMemory(memory, scheduler);
  const operations = bodies.map((body): ScheduledOperation => ({ isAtomic: false, run: () => body(seen) }));
  memory.keep();
  return {
    counter: () => memory.words[COUNTER],
    run(schedule: Schedule): Run {
      memory.rewind();
      return scheduler.run(operations, schedule);
    },
  };
}

function increment(memory: Memory): void {
  memory.store(COUNTER, memory.load(COUNTER) + 1);
}

function incrementLocked(memory: Memory): void {
  memory.lock(LOCK);
  increment(memory);
  memory.unlock(LOCK);
}

/** Runs all schedules with few preemptions. @returns One result for each distinct run. */
function explore<T>(
  { run }: ReturnType<typeof scene>,
  cpus: number,
  preemptions: number,
  take: (run: Run) => T,
): T[] {
  const schedules = exploration(cpus, preemptions);
  const seen = new Set<string>();
  const taken: T[] = [];
  for (let next = schedules.next(); !next.done; ) {
    const done = run(next.value);
    const key = keyOfRun(done);
    const isNew = !seen.has(key);
    seen.add(key);
    if (isNew) taken.push(take(done));
    next = schedules.next(isNew ? done : null);
  }
  return taken;
}

const steps =
  (count: number, address: number) =>
  (memory: Memory): void => {
    for (let step = 0; step < count; step++) memory.store(address, step);
  };

test('an operation that is preempted and run again continues where it was', () => {
  const { run, counter } = scene(incrementLocked, increment);
  const { turns, failure } = run({ order: [0, 1], switches: [{ step: 2, to: 1 }] });
  assert.equal(failure, null);
  assert.deepEqual(
    turns.map(({ cpu, from, steps: made, end }) => [cpu, from, made, end]),
    [
      [0, 0, 2, 'preempted'],
      [1, 0, 2, 'done'],
      [0, 2, 2, 'done'],
    ],
  );
  // It had read the counter before the other CPU wrote it.
  assert.equal(counter(), 1);
});

test('a lost update shows with one preemption without a lock, and never with the lock', () => {
  const unlocked = scene(increment, increment);
  assert.deepEqual(new Set(explore(unlocked, 2, 0, unlocked.counter)), new Set([2]));
  assert.deepEqual(new Set(explore(unlocked, 2, 1, unlocked.counter)), new Set([1, 2]));
  const locked = scene(incrementLocked, incrementLocked);
  assert.deepEqual(new Set(explore(locked, 2, 3, locked.counter)), new Set([2]));
});

test('the number of schedules matches the combinatorial formula', () => {
  const count = (lengths: number[], preemptions: number): number =>
    explore(
      scene(...lengths.map((length, cpu) => steps(length, 64 + 16 * cpu))),
      lengths.length,
      preemptions,
      () => 0,
    ).length;
  // Two operations of m and n steps: 2 orders; with at most one preemption m - 1 + n - 1 more; with two
  // 2 (m - 1) (n - 1) more, since the second is of the other CPU.
  for (const [m, n] of [
    [3, 4],
    [5, 2],
    [1, 6],
  ] as const) {
    assert.equal(count([m, n], 0), 2);
    assert.equal(count([m, n], 1), 2 + (m - 1) + (n - 1));
    assert.equal(count([m, n], 2), 2 + (m - 1) + (n - 1) + 2 * (m - 1) * (n - 1));
  }
  // With no bound, all interleavings: (m + n)! / (m! n!), and (3 k)! / k!^3.
  assert.equal(count([3, 4], 12), 35);
  assert.equal(count([2, 2, 2], 12), 90);
  assert.equal(count([1, 1, 1], 0), 6);
});

test('a CPU that needs a held lock waits, and another CPU runs', () => {
  const { run, counter } = scene(incrementLocked, incrementLocked);
  const { turns, failure } = run({ order: [0, 1], switches: [{ step: 1, to: 1 }] });
  assert.equal(failure, null);
  assert.deepEqual(
    turns.map(({ cpu, end, waitsFor }) => [cpu, end, waitsFor]),
    [
      [0, 'preempted', null],
      [1, 'waits', LOCK],
      [0, 'done', null],
      [1, 'done', null],
    ],
  );
  assert.equal(counter(), 2);
});

test('a CPU waits for its IOMMU, which completes its commands then, or after another CPU has run', () => {
  const iommu = 128;
  const hardware = new CachingIommus(HOST_PRESETS['v6.8']);
  const scheduler = new Scheduler(MAX_STEPS, hardware);
  const memory = new TurnMemory(new JournaledMemory(1 << 16), scheduler);
  const seen = turnHardware(hardware, scheduler);
  const flush = (): void => {
    memory.store(COUNTER, 1);
    seen.queueInvalidate(iommu, 0);
    seen.awaitCompletion(iommu, seen.queueWait(iommu));
    memory.store(COUNTER, 2);
  };
  const operations = [flush, () => increment(memory)].map((run) => ({ isAtomic: false, run }));
  const turnsWith = (switches: Schedule['switches']) => {
    hardware.rewind();
    const { turns, failure } = scheduler.run(operations, { order: [0, 1], switches }, [iommu]);
    assert.equal(failure, null);
    return turns.map(({ cpu, steps: made, end }) => [cpu, made, end]);
  };
  assert.deepEqual(turnsWith([]), [
    [0, 1, 'waits'],
    [2, 2, 'preempted'],
    [0, 1, 'done'],
    [1, 2, 'done'],
  ]);
  assert.deepEqual(turnsWith([{ step: 1, to: 1 }]), [
    [0, 1, 'waits'],
    [1, 2, 'done'],
    [2, 2, 'preempted'],
    [0, 1, 'done'],
  ]);
});

test('two CPUs that wait for each other are a deadlock', () => {
  const taking = (first: number, second: number) => (memory: Memory) => {
    memory.lock(first);
    memory.lock(second);
    memory.unlock(second);
    memory.unlock(first);
  };
  const crossed = scene(taking(LOCK, OTHER_LOCK), taking(OTHER_LOCK, LOCK));
  const failures = explore(crossed, 2, 1, ({ failure }) => failure?.kind);
  assert.ok(failures.includes('deadlock'));
  assert.ok(failures.includes(undefined));
  const ordered = scene(taking(LOCK, OTHER_LOCK), taking(LOCK, OTHER_LOCK));
  assert.deepEqual(new Set(explore(ordered, 2, 3, ({ failure }) => failure)), new Set([null]));
});

test('releasing a lock of another CPU is a failure, and so is leaving a lock held', () => {
  const { run } = scene(incrementLocked, (memory) => memory.unlock(LOCK));
  const { failure } = run({ order: [0, 1], switches: [{ step: 1, to: 1 }] });
  assert.equal(failure?.kind, 'error');
  assert.ok(failure?.kind === 'error' && failure.error instanceof LockError && failure.cpu === 1);
  const keeping = scene((memory) => memory.lock(LOCK), increment);
  assert.deepEqual(keeping.run({ order: [0, 1], switches: [] }).failure, {
    kind: 'lock-left-held',
    cpu: 0,
    lock: LOCK,
  });
});

test('an operation that makes endless accesses is stopped', () => {
  const { run } = scene((memory) => {
    for (;;) memory.load(COUNTER);
  }, increment);
  const { failure } = run({ order: [0, 1], switches: [] });
  assert.ok(failure?.kind === 'error' && failure.error instanceof EndlessError);
});

test('an operation that deviates when it is run again is detected', () => {
  let calls = 0;
  const { run } = scene((memory) => {
    calls++;
    memory.store(COUNTER, calls);
    memory.store(COUNTER, calls);
  }, increment);
  assert.equal(run({ order: [0, 1], switches: [] }).failure, null);
  assert.deepEqual(run({ order: [0, 1], switches: [{ step: 1, to: 1 }] }).failure, {
    kind: 'diverged',
    cpu: 0,
  });
});

test('an operation that catches exceptions hides neither a preemption nor a failure', () => {
  const stubborn = (memory: Memory): void => {
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        incrementLocked(memory);
      } catch {
        // Continues as if nothing had happened.
      }
    }
  };
  const { run, counter } = scene(stubborn, increment);
  assert.equal(run({ order: [0, 1], switches: [{ step: 3, to: 1 }] }).failure, null);
  assert.equal(counter(), 4);
  const failing = scene((memory) => {
    try {
      memory.unlock(LOCK);
    } catch {
      // Nothing.
    }
  }, increment);
  assert.equal(failing.run({ order: [0, 1], switches: [] }).failure?.kind, 'error');
});
