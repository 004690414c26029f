// All designs that declare themselves sound, on generated histories of small hosts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATIENCE } from '../../harness/method.js';
import { CheckedMemory } from '../../harness/oracle/memory/checked-memory.js';
import { ObservedMemory } from '../../harness/oracle/memory/observed-memory.js';
import { importInstances } from '../../harness/process/child-main.js';
import { maskIrtes } from '../../harness/replay/digest.js';
import { createReplay, plainHost } from '../../harness/replay/replay.js';
import {
  checkHistories,
  historyAt,
  judgeHistory,
  searchesStateAt,
} from '../../harness/verify/histories/history-check.js';
import {
  type Bounds,
  boundsOf,
  historiesBeyond,
  historiesWithin,
} from '../../harness/verify/histories/history-generator.js';
import { Memory } from '../../machine/memory.js';
import { BUILT_IN, builtInUrl } from '../../strategies/index.js';
import { isSound } from '../../strategies/limits.js';
import type { Strategy } from '../../strategies/strategy.js';
import type { EncodedHistory } from '../../workloads/stream/history.js';
import { HEADER_WORDS, openStream, operationAt } from '../../workloads/stream/stream.js';

const HISTORIES = 400;
/** No history has vCPU indices above this. */
const LARGEST_HISTORY = 1000;
const MEMORY_BYTES = 1 << 26;

const all = await Promise.all(BUILT_IN.map((id) => importInstances(builtInUrl(id))));
const strategies = all.map(({ strategy }) => strategy);
const sound = strategies.filter(isSound);
const draw = { count: HISTORIES, seed: 20_160_713, fixed: {} };

test('every strategy is in the file of its name', () => {
  assert.deepEqual(
    strategies.map(({ id }) => id),
    [...BUILT_IN],
  );
});

test('all strategies but posted-v4 have no limits but those of their ids', () => {
  assert.deepEqual(
    strategies.filter((strategy) => !isSound(strategy)).map(({ id }) => id),
    ['posted-v4'],
  );
});

for (const instances of all) {
  const { strategy } = instances;
  test(`${strategy.id} has no failure on histories within its limits, and each limit fails beyond`, () => {
    const memory = new CheckedMemory(new ObservedMemory(MEMORY_BYTES));
    const { limits } = strategy;
    const within = historiesWithin(boundsOf(limits), draw);
    const beyond = limits.map((limit) => ({
      limit,
      histories: historiesBeyond(limit, limits, { ...draw, count: 40 }),
    }));
    const set = { within, beyond };
    const result = checkHistories(set, {
      ...instances,
      memory,
      judgeAgain: (place) =>
        judgeHistory(historyAt(set, place), {
          strategy,
          second: searchesStateAt(place) ? instances.second : undefined,
          memory,
          patience: PATIENCE.second,
        }),
    });
    assert.deepEqual(result.findings, []);
    assert.equal(result.histories, HISTORIES);
    for (const { limit, histories, shown } of result.limits) {
      if (histories === null) {
        const isOfConcurrency = ['leaves-table-last', 'wakes-unlocked', 'no-locks'].includes(limit.kind);
        assert.ok(isOfConcurrency || (limit.value ?? 0) > LARGEST_HISTORY, limit.kind);
        continue;
      }
      assert.ok(shown !== null, `${limit.kind} did not show itself`);
      const { counterexample } = shown.finding;
      assert.ok(counterexample !== null, `${limit.kind}: no counterexample`);
      assert.ok(counterexample.steps.length <= 10, counterexample.steps.join('\n'));
    }
  });
}

/** A strategy that is run one operation at a time. */
function steppable(strategy: Strategy, { host: parameters, words }: EncodedHistory) {
  const memory = new Memory(MEMORY_BYTES);
  const stream = openStream(words);
  const { host, step } = createReplay(stream, strategy, plainHost(memory, parameters));
  const { start, end } = host.irtes;
  return { step, irtes: () => maskIrtes(memory.words.subarray(start, end)) };
}

test('all sound strategies have the same IRTEs, tag and ga_log_intr masked, after every operation', () => {
  // The tightest bounds, which suit every strategy.
  const bounds = sound
    .map(({ limits }) => boundsOf(limits))
    .reduce(
      (one, other): Bounds => ({
        createdVms: Math.min(one.createdVms, other.createdVms),
        vcpuId: Math.min(one.vcpuId, other.vcpuId),
        vcpuIndex: Math.min(one.vcpuIndex, other.vcpuIndex),
        vcpusTakeIds: one.vcpusTakeIds || other.vcpusTakeIds,
        drainsBeforeRoutes: one.drainsBeforeRoutes || other.drainsBeforeRoutes,
        isCollisionFree: one.isCollisionFree || other.isCollisionFree,
      }),
    );
  let compared = 0;
  for (const history of historiesWithin(bounds, { ...draw, count: 30 })) {
    const replays = sound.map((strategy) => steppable(strategy, history));
    for (let offset = HEADER_WORDS; offset < history.words.length; ) {
      const next = replays.map(({ step }) => step(offset));
      const { name } = operationAt(history.words, offset);
      offset = next[0] as number;
      // Interrupts and drains write no entry; the oracle's judges see to that.
      if (name === 'interrupt' || name === 'drainGaLog') continue;
      const [first, ...others] = replays.map(({ irtes }) => irtes());
      for (const other of others) assert.deepEqual(other, first);
      compared++;
    }
  }
  assert.ok(compared > 500);
});
