// The commands of a program in C that times operations one by one (harness/native/single.h), and its answers. The commands of
// process/timed-protocol.ts work too.
//
//   runner  hot START COUNT TIMES    child  TicksReply   COUNT operations of the stream, in pairs of a load and a put of a
//                                                        vCPU, TIMES times; each pair runs once untimed before
//   runner  cold START COUNT TIMES   child  TicksReply   the same, each operation after its lines were evicted
//   runner  empty COUNT              child  EmptyReply   nothing, timed in the same way
//   runner  chain MIB                child  ChainReply   walks over lines that wait for one another, in turns: over lines of
//                                                        this much memory that no cache holds, and over evicted ones
//
// Each of them may be answered with a SingleRefusal.

/** The duration of each sample, in ticks of the CPU's counter. */
export interface TicksReply {
  readonly ticks: readonly number[];
}

export interface EmptyReply extends TicksReply {
  /** By the system's clock, since the program began. */
  readonly nsPerTick: number;
}

export interface ChainReply extends EmptyReply {
  /** Lines of each walk. */
  readonly lines: number;
  /** Whether the memory has huge pages. */
  readonly hugePages: boolean;
}

/** Why operations cannot be timed one by one on this machine. */
export interface SingleRefusal {
  readonly reason: string;
}
