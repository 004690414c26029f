import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATIENCE } from '../../../harness/method.js';
import { findHiddenState } from '../../../harness/oracle/hidden-state.js';
import { type Instances, importInstances } from '../../../harness/process/child-main.js';
import { patiently } from '../../../harness/replay/watchdog.js';
import { HOST_PRESETS, type HostParameters } from '../../../machine/host.js';
import { Memory } from '../../../machine/memory.js';
import { BUILT_IN, builtInUrl } from '../../../strategies/index.js';
import sound from '../../../strategies/ir-data-pointer.js';
import type { Hypervisor, Strategy } from '../../../strategies/strategy.js';
import { halt, host } from '../small-stream.js';

const memory = new Memory(1 << 26);

/** The operation in which two instances differ; null if none does. */
function find(instances: Instances, parameters: HostParameters = host): number | null {
  const patience = PATIENCE.first;
  const onUnsearchable = (): void => assert.fail('the search is inconclusive');
  const search = { ...instances, stream: halt(), host: parameters, memory, patience, onUnsearchable };
  return patiently(patience, (watch) => findHiddenState({ ...search, watch }));
}

/** The operation that shows the hidden state of the sound strategy with changed operations. */
function findIn(change: (verbs: Hypervisor) => Partial<Hypervisor>): number | null {
  const strategy: Strategy = {
    ...sound,
    create(machine) {
      const verbs = sound.create(machine);
      return { ...verbs, ...change(verbs) };
    },
  };
  return find({ strategy, second: strategy });
}

for (const id of BUILT_IN) {
  test(`${id} keeps nothing outside the modelled memory, on hosts of either pointer width`, async () => {
    const instances = await importInstances(builtInUrl(id));
    assert.notEqual(instances.strategy, instances.second);
    for (const pointerBytes of [4, 8] as const) {
      const parameters = { ...HOST_PRESETS['2016'], ...host, pointerBytes };
      assert.equal(find(instances, parameters), null);
    }
  });
}

test('a cache outside the modelled memory shows in the accesses', () => {
  const index = findIn((verbs) => {
    const known = new Set<number>();
    return {
      wake(tag, iommu) {
        if (!known.has(tag)) verbs.wake(tag, iommu);
        known.add(tag);
      },
    };
  });
  assert.notEqual(index, null);
});

test('state of one instance is unknown to the other, which may throw', () => {
  const index = findIn((verbs) => {
    const routed = new Set<number>();
    return {
      route(irq, vcpu, vector) {
        routed.add(irq);
        verbs.route(irq, vcpu, vector);
      },
      unroute(irq) {
        if (!routed.delete(irq)) throw new Error('it was not routed');
        verbs.unroute(irq);
      },
    };
  });
  assert.notEqual(index, null);
});

test('an instance that waits for state of the other is stopped, and the search is inconclusive', () => {
  let made = 0;
  const strategy: Strategy = {
    ...sound,
    create(machine) {
      const verbs = sound.create(machine);
      const isSecond = ++made % 3 === 0;
      return {
        ...verbs,
        load(vcpu, cpu) {
          while (isSecond);
          verbs.load(vcpu, cpu);
        },
      };
    },
  };
  const patience = PATIENCE.trial;
  let isUnsearchable = false;
  const onUnsearchable = (): void => {
    isUnsearchable = true;
  };
  const search = { strategy, second: strategy, stream: halt(), host, memory, patience, onUnsearchable };
  assert.equal(
    patiently(patience, (watch) => findHiddenState({ ...search, watch })),
    null,
  );
  assert.equal(isUnsearchable, true);
});

test('a strategy that fails alone is no failure of this check', () => {
  const index = findIn(() => ({
    put() {
      throw new Error('no');
    },
  }));
  assert.equal(index, null);
});
