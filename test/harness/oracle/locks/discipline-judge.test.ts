// The two checks of locks on whole designs: their texts, their exceptions, and the designs that they exempt.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CheckedMemory } from '../../../../harness/oracle/memory/checked-memory.js';
import { JournaledMemory } from '../../../../harness/oracle/memory/journaled-memory.js';
import { ObservedMemory } from '../../../../harness/oracle/memory/observed-memory.js';
import { check } from '../../../../harness/oracle/oracle.js';
import type { Finding } from '../../../../harness/results/results.js';
import type { Machine } from '../../../../machine/machine.js';
import floor from '../../../../strategies/floor.js';
import sound from '../../../../strategies/ir-data-pointer.js';
import type { Hypervisor, Strategy } from '../../../../strategies/strategy.js';
import { irteOf } from '../../../machine/table-of.js';
import { halt, host } from '../../small-stream.js';

const memory = new CheckedMemory(new ObservedMemory(1 << 26));

function findingsOf(strategy: Strategy): Finding[] {
  memory.clear();
  return check({ stream: halt(), strategy, host, memory }).findings;
}

/** The sound strategy with changed operations. */
function changed(change: (verbs: Hypervisor, machine: Machine) => Partial<Hypervisor>): Strategy {
  return {
    ...sound,
    create(machine) {
      const verbs = sound.create(machine);
      return { ...verbs, ...change(verbs, machine) };
    },
  };
}

/** A strategy whose loads and wakeups keep a counter by these accesses. */
function counting(count: (machine: Machine, counter: number) => void): Strategy {
  return changed((verbs, machine) => {
    const counter = machine.bootAlloc(64, 'counters');
    return {
      load(vcpu, cpu) {
        count(machine, counter);
        verbs.load(vcpu, cpu);
      },
      wake(tag, iommu) {
        count(machine, counter);
        verbs.wake(tag, iommu);
      },
    };
  });
}

test('a counter of several CPUs without a lock is reported as a data race', () => {
  const [finding, ...others] = findingsOf(
    counting(({ memory: words }, counter) => words.store(counter + 3, words.load(counter + 3) + 1)),
  );
  assert.deepEqual(others, []);
  assert.equal(finding?.check, 'lockset');
  assert.equal(finding?.kind, 'data-race');
  assert.match(
    finding?.first.outcome ?? '',
    /^(read|wrote) word 3 of counters holding no lock; those before, such as ".*", held no lock$/,
  );
});

test('a counter with a lock, or with marked accesses, is no race', () => {
  const locked = counting(({ memory: words }, counter) => {
    words.lock(counter);
    words.store(counter + 3, words.load(counter + 3) + 1);
    words.unlock(counter);
  });
  assert.deepEqual(findingsOf(locked), []);
  const marked = counting(({ memory: words }, counter) =>
    words.writeOnce(counter + 3, words.readOnce(counter + 3) + 1),
  );
  assert.deepEqual(findingsOf(marked), []);
});

test('an access after the release of the lock is a race', () => {
  const released = counting(({ memory: words }, counter) => {
    words.lock(counter);
    words.store(counter + 3, 1);
    words.unlock(counter);
    words.store(counter + 3, 2);
  });
  const [finding, ...others] = findingsOf(released);
  assert.deepEqual(others, []);
  assert.match(finding?.first.outcome ?? '', /^wrote word 3 of counters holding /);
});

test('live entries are written under the lock of their table', () => {
  const past = changed((verbs, machine) => ({
    load(vcpu, cpu) {
      verbs.load(vcpu, cpu);
      // Another thread of the host, in a hurry.
      for (let index = 0; index < 2; index++) {
        const irte = irteOf(machine, 0, index);
        memory.behind.store(irte, memory.behind.load(irte));
      }
    },
  }));
  const [finding, ...others] = findingsOf(past);
  assert.deepEqual(others, []);
  assert.match(
    finding?.first.outcome ?? '',
    /^wrote a live IRTE of device 0 holding .*the lock of an irq_remap_table; those before, .* held no lock$/,
  );
});

/** A strategy whose loads nest two locks, and whose wakeups nest two locks. */
function nesting(load: readonly [string, string], wake: readonly [string, string]): Strategy {
  return changed((verbs, machine) => {
    const { memory: words } = machine;
    const locks = new Map([...load, ...wake].map((name) => [name, machine.bootAlloc(64, name)]));
    const nest = (names: readonly string[]): void => {
      const [outer = 0, inner = 0] = names.map((name) => locks.get(name) as number);
      words.lock(outer);
      words.lock(inner);
      words.unlock(inner);
      words.unlock(outer);
    };
    return {
      load(vcpu, cpu) {
        nest(load);
        verbs.load(vcpu, cpu);
      },
      wake(tag, iommu) {
        nest(wake);
        verbs.wake(tag, iommu);
      },
    };
  });
}

test('two locks in both orders are an inversion, reported with both halves', () => {
  assert.deepEqual(findingsOf(nesting(['ids', 'vms'], ['ids', 'vms'])), []);
  const [finding, ...others] = findingsOf(nesting(['ids', 'vms'], ['vms', 'ids']));
  assert.deepEqual(others, []);
  assert.equal(finding?.check, 'lock-order');
  assert.equal(finding?.kind, 'lock-inversion');
  assert.match(
    finding?.first.outcome ?? '',
    /^took ids holding vms; "load vm 1 vcpu 0 on CPU 0" took vms holding ids$/,
  );
});

test('the tables of all IOMMUs are one class', () => {
  const [finding] = findingsOf(nesting(['hash_0', 'hash_1'], ['ids', 'vms']));
  assert.equal(finding?.first.outcome, 'took hash holding another such');
});

test('a design is exempt by declaring no locks, not by its name', () => {
  assert.deepEqual(findingsOf(floor), []);
  const kinds = findingsOf({ ...floor, limits: [] }).map(({ kind }) => kind);
  assert.deepEqual([...new Set(kinds)], ['data-race']);
});

test('journaled memory reports no accesses, so locks are not judged there', () => {
  const racy = counting(({ memory: words }, counter) => words.store(counter, words.load(counter) + 1));
  const journaled = new JournaledMemory(1 << 26);
  assert.deepEqual(check({ stream: halt(), strategy: racy, host, memory: journaled }).findings, []);
});
