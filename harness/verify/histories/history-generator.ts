// Random histories of small, hostile hosts: few buckets, few vm_ids so that they wrap, one or several IOMMUs, vCPUs
// with no or many entries. Histories are fast-check commands, and contain only operations that the host can run.
import fc from 'fast-check';
import { HOST_PRESETS, type HostParameters } from '../../../machine/host.js';
import { GA_LOG_ENTRIES } from '../../../machine/iommus.js';
import type { Limit } from '../../../strategies/limits.js';
import type { EncodedHistory } from '../../../workloads/stream/history.js';
import { StreamBuilder } from '../../../workloads/stream/stream-builder.js';
import type { HistorySet } from './history-check.js';

/** Maximum number of commands in a history. */
const MAX_COMMANDS = 40;

/** Largest vCPU id and index if a design has no bound. No history exceeds a larger bound. */
const LARGE_ID = 600;

/** Maximum number of VMs: enough for two VMs to share a bucket of SVM's VM hash, or the low 8 bits of an id. */
const MANY_VMS = 320;

/** Maximum number of irqs of a VM, and of a host, whose device tables have no more room. */
const MANY_IRQS = 48;
const HOST_IRQS = 256;

/** One history in CROWDED begins with many VMs. */
const CROWDED = 12;

/** Bounds of a history. */
export interface Bounds {
  /** VMs created during the whole history. */
  readonly createdVms: number;
  readonly vcpuId: number;
  readonly vcpuIndex: number;
  /** Each vCPU takes one of the host's ids; otherwise each VM does. */
  readonly vcpusTakeIds: boolean;
  /** The logs are read before an irq is routed or unrouted. */
  readonly drainsBeforeRoutes: boolean;
  /** No two tags or VMs share a bucket: the hash is a bijection, and VMs are few. */
  readonly isCollisionFree: boolean;
}

const limitValue = (limits: readonly Limit[], kind: Limit['kind']): number | undefined =>
  limits.find((limit) => limit.kind === kind)?.value;

/** The bounds of histories within some limits. */
export function boundsOf(limits: readonly Limit[]): Bounds {
  const kinds = limits.map(({ kind }) => kind);
  return {
    createdVms: Math.min(MANY_VMS, limitValue(limits, 'max-vm-id') ?? MANY_VMS),
    vcpuId: Math.min(LARGE_ID, limitValue(limits, 'max-vcpu-id') ?? LARGE_ID),
    vcpuIndex: Math.min(LARGE_ID, limitValue(limits, 'max-vcpu-index') ?? LARGE_ID),
    vcpusTakeIds: kinds.includes('max-vcpus'),
    drainsBeforeRoutes: kinds.includes('ga-log-first-match'),
    isCollisionFree: kinds.includes('no-tag-compare') || kinds.includes('ga-log-first-match'),
  };
}

interface LiveVm {
  readonly vm: number;
  readonly vcpus: readonly number[];
  readonly irqs: number[];
}

/** A host while its history is generated. */
class World {
  readonly builder: StreamBuilder;
  readonly host: HostParameters;
  readonly bounds: Bounds;
  readonly vms: LiveVm[] = [];
  readonly devices: readonly number[];
  created = 0;
  /** VMs without irqs that take part in no operation. */
  idleVms = 0;

  constructor(host: HostParameters, bounds: Bounds) {
    this.host = host;
    this.bounds = bounds;
    this.builder = new StreamBuilder(host);
    this.devices = Array.from({ length: host.iommus + 1 }, () => this.builder.addDevice());
  }

  /** Whether VMs of one vCPU can be created. */
  canCreate(count: number): boolean {
    return this.created + count <= this.bounds.createdVms && count <= this.#freeIds();
  }

  /** The most vCPUs that the next VM can have. */
  maxVcpus(): number {
    const { vcpuId, vcpusTakeIds } = this.bounds;
    return Math.min(vcpuId + 1, vcpusTakeIds ? this.#freeIds() : Infinity);
  }

  /** An idle VM has one vCPU. */
  #freeIds(): number {
    const taken = this.vms.reduce((sum, { vcpus }) => sum + (this.bounds.vcpusTakeIds ? vcpus.length : 1), 0);
    return this.host.maxVmId - taken - this.idleVms;
  }

  /** Creates a VM with irqs, and with vCPU ids from `firstVcpuId` on. */
  createVm(count: number, firstVcpuId: number, irqsWanted: number): void {
    const taken = this.vms.reduce((sum, { irqs }) => sum + irqs.length, 0);
    const { vm, firstVcpu } = this.builder.createVm(count, firstVcpuId);
    const vcpus = Array.from({ length: count }, (_, index) => firstVcpu + index);
    const irqs = Array.from({ length: Math.min(irqsWanted, HOST_IRQS - taken) }, (_, index) =>
      this.builder.allocIrq(this.devices[(vm + index) % this.devices.length] as number),
    );
    this.vms.push({ vm, vcpus, irqs });
    this.created++;
  }

  createIdleVms(count: number): void {
    for (let index = 0; index < count; index++) this.builder.createVm(1);
    this.created += count;
    this.idleVms += count;
  }

  destroyVm(place: number): void {
    const [{ vm, irqs }] = this.vms.splice(place, 1) as [LiveVm];
    for (const irq of irqs) {
      if (this.builder.routedTo(irq) !== -1) this.unroute(irq);
      this.builder.freeIrq(irq);
    }
    this.builder.destroyVm(vm);
  }

  route(irq: number, vcpu: number, vector: number): void {
    if (this.bounds.drainsBeforeRoutes) this.drainAll();
    this.builder.route(irq, vcpu, vector);
  }

  unroute(irq: number): void {
    if (this.bounds.drainsBeforeRoutes) this.drainAll();
    this.builder.unroute(irq);
  }

  drainAll(): void {
    for (let iommu = 0; iommu < this.host.iommus; iommu++) this.builder.drainGaLog(iommu);
  }
}

/** Random numbers that make a command's choices. */
interface Choice {
  readonly one: number;
  readonly other: number;
  readonly flag: boolean;
}

/** The random numbers with the objects that they choose. */
interface Target extends Choice {
  /** Index of a VM that is not idle. */
  readonly place: number;
  readonly vcpu: number;
  /** An irq of the VM; undefined if it has none. */
  readonly irq: number | undefined;
}

function targetOf({ vms }: World, choice: Choice): Target {
  const { one, other } = choice;
  const place = one % vms.length;
  const { vcpus, irqs } = vms[place] as LiveVm;
  // The first and the last vCPU of a large VM are chosen more often than the others.
  const vcpu = other % 3 === 0 ? vcpus.at(-1) : other % 3 === 1 ? vcpus[0] : vcpus[other % vcpus.length];
  return { ...choice, place, vcpu: vcpu as number, irq: irqs[(one + other) % Math.max(1, irqs.length)] };
}

/** A kind of command. */
interface CommandKind {
  /** Relative frequency. */
  readonly weight: number;
  /** By default it always can. */
  can?(world: World, target: Target): boolean;
  act(world: World, target: Target): void;
}

/** A CPU: one of few, so that vCPUs meet on it, or one whose number needs all bits of a destination. */
const cpuOf = ({ one }: Choice): number => (one % 16 === 0 ? 0x0100_0085 : one % 16 === 1 ? 133 : one % 6);

const hasIrq = (_world: World, { irq }: Target): boolean => irq !== undefined;

const COMMAND_KINDS: Readonly<Record<string, CommandKind>> = {
  route: {
    weight: 6,
    can: hasIrq,
    act: (world, { irq, vcpu, one }) =>
      world.route(irq as number, vcpu, one % 8 === 0 ? 0 : 0x20 + (one % 8)),
  },
  unroute: {
    weight: 2,
    can: ({ builder }, { irq }) => irq !== undefined && builder.routedTo(irq) !== -1,
    act: (world, { irq }) => world.unroute(irq as number),
  },
  loadOrPut: {
    weight: 8,
    act({ builder }, target) {
      if (builder.isRunning(target.vcpu)) builder.put(target.vcpu, target.flag);
      else builder.load(target.vcpu, cpuOf(target));
    },
  },
  interrupt: {
    weight: 5,
    can: hasIrq,
    act: ({ builder }, { irq }) => builder.interrupt(irq as number),
  },
  drain: {
    weight: 2,
    act: ({ builder, host }, { one }) => builder.drainGaLog(one % host.iommus),
  },
  overflow: {
    weight: 1,
    can: (_world, { irq, one }) => irq !== undefined && one % 12 === 0,
    act({ builder }, { irq }) {
      for (let count = 0; count < GA_LOG_ENTRIES; count++) builder.interrupt(irq as number);
    },
  },
  create: {
    weight: 3,
    can: (world) => world.canCreate(1),
    act(world, { one, other, flag }) {
      const { bounds } = world;
      const isLarge = one % 40 === 0 && flag;
      const count = isLarge ? bounds.vcpuIndex + 1 : 1 + (one % 3);
      const highest = Math.max(0, bounds.vcpuId - count + 1);
      const firstId = other % 8 === 0 ? highest : Math.min(other % 5, highest);
      const irqs = other % 16 === 0 ? MANY_IRQS : other % 7;
      world.createVm(Math.min(count, world.maxVcpus()), firstId, irqs);
    },
  },
  destroy: {
    weight: 2,
    can: ({ vms }) => vms.length > 1,
    act: (world, { place }) => world.destroyVm(place),
  },
};

const commandOf = ({ can, act }: CommandKind, choice: Choice): fc.Command<World, null> => ({
  check: (world) => can?.(world as World, targetOf(world as World, choice)) ?? true,
  run: (world) => act(world, targetOf(world, choice)),
});

const choices = fc.record({ one: fc.nat({ max: 9999 }), other: fc.nat({ max: 9999 }), flag: fc.boolean() });

const commands = fc.commands(
  Object.values(COMMAND_KINDS).flatMap((kind) =>
    Array.from({ length: kind.weight }, () => choices.map((choice) => commandOf(kind, choice))),
  ),
  { maxCommands: MAX_COMMANDS, size: 'max' },
);

function hosts({ isCollisionFree }: Bounds, fixed: Partial<HostParameters>): fc.Arbitrary<HostParameters> {
  return fc
    .record({
      iommus: fc.integer({ min: 1, max: 3 }),
      hashBits: isCollisionFree ? fc.constant(16) : fc.integer({ min: 1, max: 4 }),
      hashMultiplier: isCollisionFree ? fc.constant('v4.6' as const) : fc.constantFrom('v4.7', 'v4.6'),
      pointerBytes: fc.constantFrom(4 as const, 8 as const),
      maxVmId: fc.constantFrom(3, 6, 1000),
      tablePlacement: fc.constantFrom('mixed', 'packed', 'line'),
      tableLookup: fc.constantFrom('global-lock', 'lockless'),
      commandLock: fc.constantFrom('per-command', 'per-flush'),
      ipiVirtualization: fc.constantFrom('on', 'off'),
      flush: fc.constantFrom('per-entry', 'per-device', 'none'),
    })
    .map((host) => ({
      ...HOST_PRESETS['v6.8'],
      irqTableEntries: 256 as const,
      heap: 'packed' as const,
      ...host,
      ...fixed,
    }));
}

/** Random histories. @param begin - Adds the operations before the commands. */
function histories(
  bounds: Bounds,
  fixed: Partial<HostParameters>,
  begin: (world: World, number: number) => void,
): fc.Arbitrary<EncodedHistory> {
  return fc.tuple(hosts(bounds, fixed), fc.nat(), commands).map(([host, number, given]) => {
    const world = new World(host, bounds);
    begin(world, number);
    fc.modelRun(() => ({ model: world, real: null }), given);
    return { host, words: world.builder.finishHistory().words };
  });
}

/** A draw of random histories. */
export interface Draw {
  readonly count: number;
  readonly seed: number;
  /** Host parameters that all histories share. */
  readonly fixed: Partial<HostParameters>;
}

/** A draw of histories for a strategy, within its limits and beyond them. */
export interface SetDraw extends Draw {
  /** Histories beyond each limit; 0 to try no limit. */
  readonly countBeyond: number;
}

/** Histories within bounds. Equal draws give equal histories. */
export function historiesWithin(bounds: Bounds, { count, seed, fixed }: Draw): EncodedHistory[] {
  const begin = (world: World, number: number): void => {
    world.createVm(2, 0, 4);
    const idle = Math.max(0, Math.min(255, bounds.createdVms - MAX_COMMANDS));
    const isCrowded = number % CROWDED === 0 && !bounds.isCollisionFree;
    if (isCrowded && world.canCreate(idle + 1)) world.createIdleVms(idle);
    if (world.canCreate(1)) world.createVm(1, 0, 2);
  };
  return fc.sample(histories(bounds, fixed, begin), { numRuns: count, seed });
}

/** Histories drawn at a time, so that many take little memory. */
const PORTION = 1000;

/** Draws histories within bounds as they are needed. Equal draws give equal histories. */
function* portionsWithin(bounds: Bounds, draw: Draw): Generator<EncodedHistory> {
  for (let from = 0; from < draw.count; from += PORTION) {
    const count = Math.min(PORTION, draw.count - from);
    yield* historiesWithin(bounds, { ...draw, count, seed: (draw.seed + from) | 0 });
  }
}

/** Creates two VMs. */
function twoVms(world: World): void {
  world.createVm(2, 0, 4);
  world.createVm(2, 0, 4);
}

/** A start that exceeds a limit. */
interface Excess {
  readonly liftedBounds?: Partial<Bounds>;
  /** Host parameters that the start needs. */
  readonly fixed?: Partial<HostParameters>;
  begin(world: World): void;
}

/** A start that exceeds a limit; null where no history can exceed it. */
function beyond({ kind, value = 0 }: Limit, { createdVms, vcpuId }: Bounds): Excess | null {
  switch (kind) {
    case 'no-tag-compare':
      return { liftedBounds: { isCollisionFree: false }, begin: twoVms };
    case 'ga-log-first-match':
      return {
        liftedBounds: { isCollisionFree: false, drainsBeforeRoutes: false },
        fixed: { maxVmId: 1000 },
        begin(world) {
          for (let vm = 0; vm < Math.min(createdVms, MANY_VMS) - 2; vm++) world.createVm(1, 0, 1);
        },
      };
    case 'max-vm-id':
      if (value > LARGE_ID) return null;
      return {
        liftedBounds: { createdVms: value + 4 },
        fixed: { maxVmId: 1000 },
        begin(world) {
          world.createVm(1, 0, 2);
          world.createIdleVms(value);
          world.createVm(1, 0, 2);
        },
      };
    case 'max-vms':
      return {
        fixed: { maxVmId: 3 },
        begin(world) {
          twoVms(world);
          world.createVm(1, 0, 2);
          world.createVm(1, 0, 2);
        },
      };
    case 'max-vcpus':
      return { fixed: { maxVmId: 3 }, begin: twoVms };
    case 'max-vcpu-id':
    case 'max-vcpu-index': {
      if (value > LARGE_ID) return null;
      const most = value + 2;
      return {
        liftedBounds:
          kind === 'max-vcpu-id' ? { vcpuId: most } : { vcpuIndex: most, vcpuId: Math.max(vcpuId, most) },
        begin(world) {
          world.createVm(most, 0, 8);
          // An interrupt is logged for the last vCPU, which blocks.
          const { vcpus, irqs } = world.vms[0] as LiveVm;
          const [vcpu, irq] = [vcpus.at(-1) as number, irqs[0] as number];
          world.route(irq, vcpu, 0x20);
          world.builder.load(vcpu, 1);
          world.builder.put(vcpu, true);
          world.builder.interrupt(irq);
        },
      };
    }
    case 'leaves-table-last':
    case 'wakes-unlocked':
    case 'no-locks':
      // The operations of a history are sequential.
      return null;
  }
}

/** Histories that exceed one limit and stay within the others; null where none can exceed it. */
export function historiesBeyond(limit: Limit, limits: readonly Limit[], draw: Draw): EncodedHistory[] | null {
  const bounds = boundsOf(limits);
  const excess = beyond(limit, bounds);
  if (excess === null) return null;
  const { liftedBounds, fixed, begin } = excess;
  const drawn = histories({ ...bounds, ...liftedBounds }, { ...fixed, ...draw.fixed }, begin);
  return fc.sample(drawn, { numRuns: draw.count, seed: draw.seed });
}

/** The histories for a strategy. @param limits - Of the strategy. */
export function drawnSet(limits: readonly Limit[], draw: SetDraw): HistorySet {
  const tried = draw.countBeyond === 0 ? [] : limits;
  return {
    within: { [Symbol.iterator]: () => portionsWithin(boundsOf(limits), draw) },
    beyond: tried.map((limit) => ({
      limit,
      histories: historiesBeyond(limit, limits, { ...draw, count: draw.countBeyond }),
    })),
  };
}
