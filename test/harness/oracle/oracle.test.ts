// The oracle must be hard to fool: each test takes a sound strategy, breaks one thing, and expects one kind of failure.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckedMemory } from '../../../harness/oracle/memory/checked-memory.js';
import { JournaledMemory } from '../../../harness/oracle/memory/journaled-memory.js';
import { check } from '../../../harness/oracle/oracle.js';
import type { Check } from '../../../harness/results/results.js';
import { HOST_PRESETS } from '../../../machine/host.js';
import type { IrteWriter } from '../../../machine/irq-tables.js';
import type { Machine } from '../../../machine/machine.js';
import type { Address } from '../../../machine/memory.js';
import sound from '../../../strategies/ir-data-pointer.js';
import type { Hypervisor, Strategy } from '../../../strategies/strategy.js';
import { StreamBuilder } from '../../../workloads/stream/stream-builder.js';
import { irteOf, tableOf } from '../../machine/table-of.js';

const host = { ...HOST_PRESETS['v6.8'], iommus: 2, hashBits: 4, heap: 'packed' as const };

/** Two VMs of two vCPUs; vCPU 0 of each has two irqs. vCPUs run, halt, are interrupted and woken. */
function stream() {
  const builder = new StreamBuilder(host);
  const devices = [builder.addDevice(), builder.addDevice()];
  const vms = [builder.createVm(2), builder.createVm(2)];
  const irqs = vms.map(({ firstVcpu }) =>
    devices.map((device) => {
      const irq = builder.allocIrq(device);
      builder.route(irq, firstVcpu, 0x30 + device);
      return irq;
    }),
  );
  builder.beginWindow();
  vms.forEach(({ firstVcpu }, vm) => {
    const [irq, other] = irqs[vm] as [number, number];
    builder.load(firstVcpu, 3 + vm);
    builder.interrupt(irq);
    builder.route(irq, firstVcpu + 1, 0x41);
    builder.interrupt(irq);
    builder.drainGaLog(builder.iommuOf(irq));
    builder.unroute(other);
    builder.interrupt(other);
    builder.route(other, firstVcpu, 0x42);
    builder.put(firstVcpu, true);
    builder.interrupt(other);
    builder.drainGaLog(builder.iommuOf(other));
  });
  return builder.finish();
}

/** The sound strategy with a changed machine or changed operations. */
function broken(
  changeMachine: (machine: Machine) => Partial<Machine>,
  changeVerbs: (verbs: Hypervisor, machine: Machine) => Partial<Hypervisor> = () => ({}),
): Strategy {
  return {
    ...sound,
    create(machine) {
      const changed = { ...machine, ...changeMachine(machine) };
      const verbs = sound.create(changed);
      return { ...verbs, ...changeVerbs(verbs, changed) };
    },
  };
}

const judge = (strategy: Strategy, memory: JournaledMemory | CheckedMemory = new JournaledMemory()): Check =>
  check({ stream: stream(), strategy, host, memory });
const kinds = (strategy: Strategy) => [...new Set(judge(strategy).findings.map(({ kind }) => kind))].sort();
const unchanged = () => ({});

test('the strategy that the tests break has no failure', () => {
  assert.deepEqual(kinds(sound), []);
});

type Words = [number, number, number, number];

for (let bit = 0; bit < 128; bit++) {
  const inTag = bit >= 32 && bit < 64;
  test(`an update that flips bit ${bit} of the entry is detected${inTag ? ', at the wakeup' : ''}`, () => {
    const flipping =
      (write: IrteWriter): IrteWriter =>
      (table, irte, ...words) => {
        const isFreed = words.every((word) => word === 0);
        const flipped = [...words] as Words;
        if (!isFreed) flipped[bit >> 5] = (flipped[bit >> 5] as number) ^ (1 << (bit & 31));
        write(table, irte, ...flipped);
      };
    const strategy = broken(({ updateIrte, modifyIrte }) => ({
      updateIrte: flipping(updateIrte),
      modifyIrte: flipping(modifyIrte),
    }));
    const found = kinds(strategy);
    if (!inTag) assert.ok(found.includes('wrong-value'), found.join());
    // A wrong tag shows where the entry must say 0, and where the GA log is read.
    else assert.ok(found.includes('misdelivered') || found.includes('lost-wakeup'), found.join());
  });
}

test('an update without effect is a missed update', () => {
  assert.ok(kinds(broken(unchanged, () => ({ load: () => {} }))).includes('missed-update'));
});

test('an update of an entry that posts to nobody is a stale pointer', () => {
  const strategy = broken(unchanged, (verbs, machine) => ({
    load(vcpu, cpu) {
      verbs.load(vcpu, cpu);
      machine.memory.store(irteOf(machine, 1, 100), cpu);
    },
  }));
  assert.ok(kinds(strategy).includes('stale-pointer'));
});

test('an update of an entry of another vCPU is classified by the tag', () => {
  const strategy = broken(unchanged, (verbs, machine) => ({
    load(vcpu, cpu) {
      verbs.load(vcpu, cpu);
      const irte = irteOf(machine, 0, 1);
      machine.memory.store(irte, machine.memory.load(irte) ^ (1 << 6));
    },
  }));
  assert.ok(kinds(strategy).includes('same-bucket'));
});

test('a wakeup of nobody or of another vCPU is lost', () => {
  assert.deepEqual(kinds(broken(unchanged, () => ({ wake: () => {} }))), ['lost-wakeup']);
  const first: Address[] = [];
  const wrong = broken(unchanged, (verbs, machine) => ({
    createVm(...numbers) {
      const vm = verbs.createVm(...numbers);
      first.push(verbs.vcpuAt(vm, 1));
      return vm;
    },
    wake: () => machine.wakeUp(first[0] as Address),
  }));
  assert.deepEqual(kinds(wrong), ['lost-wakeup']);
});

test('a wake() that returns something, or wakes twice for an entry, has a failure that says so', () => {
  const outcomeOf = (strategy: Strategy) => judge(strategy).findings[0]?.first.outcome ?? '';
  const returning = broken(unchanged, () => ({ wake: (() => 16) as () => void }));
  assert.match(outcomeOf(returning), /wake\(\) returned something: it calls machine\.wakeUp\(vcpu\)/);
  const twice = broken(({ wakeUp }) => ({
    wakeUp(vcpu) {
      wakeUp(vcpu);
      wakeUp(vcpu);
    },
  }));
  assert.match(outcomeOf(twice), /one GA log entry woke two vCPUs/);
});

test('an entry that must ask for the GA log and does not loses the wakeup or is a wrong value', () => {
  const strategy: Strategy = { ...sound, gaLog: 'blocking' };
  assert.ok(kinds(strategy).includes('wrong-value'));
});

test('memory that is not freed is a leak', () => {
  const strategy = broken((machine) => ({
    kmemCache: (bytes) => ({ ...machine.kmemCache(bytes), free: () => {} }),
  }));
  assert.deepEqual(kinds(strategy), ['leak']);
});

test('a strategy that throws has a failure that says so, and the check ends', () => {
  const strategy = broken(unchanged, () => ({
    put() {
      throw new Error('out of luck');
    },
  }));
  const { findings } = judge(strategy);
  assert.equal(findings[0]?.kind, 'threw');
  assert.match(findings[0]?.first.what ?? '', /^put vm 1 vcpu 0/);
  assert.match(findings[0]?.first.outcome ?? '', /out of luck/);
});

test('a strategy whose create() throws has a failure', () => {
  const strategy: Strategy = {
    ...sound,
    create() {
      throw new Error('no host for me');
    },
  };
  assert.deepEqual(kinds(strategy), ['threw']);
});

test('a lock that is not released is detected at the end of the operation', () => {
  const strategy = broken(unchanged, (verbs, machine) => ({
    put(vcpu, blocking) {
      verbs.put(vcpu, blocking);
      machine.memory.lock(tableOf(machine, 0));
    },
  }));
  assert.deepEqual(kinds(strategy), ['lock']);
});

test('a fault is reported once, without its consequences', () => {
  let loads = 0;
  const strategy = broken(unchanged, (verbs) => ({
    load: (vcpu, cpu) => (loads++ === 0 ? undefined : verbs.load(vcpu, cpu)),
  }));
  const counts = judge(strategy).findings.map(({ kind, count }) => `${kind} ${count}`);
  // Both entries of the vCPU stay unchanged. The put and the interrupts after it are judged against them.
  assert.deepEqual(counts, ['missed-update 2']);
});
