// The commands of a timed process, and its answers. The process in V8 is timed-child.ts, the one in C is
// harness/native/program.c.
//
//   child   {"ready":true}                              the setup has been run
//   runner  calibrate MS        child  {"windows":N}    N replays take MS ms, twice in a row, after a warm-up
//   runner  warm N              child  {"windowNs":[N...]}  N replays, each timed
//   runner  replay N            child  {"replayed":N}   N replays, untimed; in C only
//   runner  round W             child  {"batchNs":N,"roundNs":N,"cpuNs":N,"collections":N}  one untimed replay, then W
//                               timed ones: wall time of these, wall and CPU time of all
//   runner  digest              child  {"digest":"...","peakBytes":N}
//   runner  memory              child  {"memoryDigest":"..."}  of all memory; in C only

/** The setup has been run. */
export interface ReadyReply {
  readonly ready: true;
}
/** Replays that take the requested time. */
export interface CalibrateReply {
  readonly windows: number;
}
/** Readings of a batch in a row that must be long enough. */
export const CALIBRATION_READINGS = 2;
/** Time of each replay, in order. */
export interface WarmReply {
  readonly windowNs: readonly number[];
}
/** Untimed replays done. */
export interface ReplayReply {
  readonly replayed: number;
}
/** One round: an untimed replay and a timed batch. */
export interface RoundReply {
  /** Wall time of the batch. */
  readonly batchNs: number;
  /** Wall time of the whole round by a monotonic clock, and the CPU time of the process meanwhile. */
  readonly roundNs: number;
  readonly cpuNs: number;
  /** Garbage collections during the batch. */
  readonly collections: number;
}
/** The end state of a process. */
export interface DigestReply {
  /** Digest of the IRTEs, tags ranked, and of all deliveries and wakeups. */
  readonly digest: string;
  readonly peakBytes: number;
}
/** The end state of all memory of a process in C. */
export interface MemoryReply {
  /** Digest of all memory, deliveries and wakeups. */
  readonly memoryDigest: string;
}

/** The answer of an untimed process to numbers of replays in ascending order. */
export interface ReferenceReply {
  /** The digest after each number of replays. */
  readonly digests: readonly string[];
  /** Of the IRTEs after the last replay. */
  readonly maskedDigest: string;
}
