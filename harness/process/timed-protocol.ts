// The commands of a timed process, and its answers. The process in V8 is timed-child.ts, the one in C is
// harness/native/program.c.
//
//   child   {"ready":true}                              the setup has been run
//   runner  calibrate MS        child  {"windows":N}    N replays take MS ms, twice in a row, after a warm-up
//   runner  warm N              child  {"windowNs":[N...]}  N replays, each timed
//   runner  replay N            child  {"replayed":N}   N replays, untimed
//   runner  round W             child  {"batchNs":N,"roundNs":N,"cpuNs":N,"collections":N}  one untimed replay, then W
//                               timed ones: wall time of these, wall and CPU time of all
//   runner  digest              child  {"digest":"...","maskedDigest":"...","memoryDigest":"...","peakBytes":N}; in C only
//                               the last two

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
/** The end state of a process in C. */
export interface NativeDigestReply {
  /** Digest of the whole memory, the deliveries and the wakeups. */
  readonly memoryDigest: string;
  readonly peakBytes: number;
}
/** The end state of a process in V8. */
export interface DigestReply extends NativeDigestReply {
  /** Digest of the IRTEs, deliveries and wakeups. */
  readonly digest: string;
  /** The same of the IRTEs alone, with tag and ga_log_intr masked. */
  readonly maskedDigest: string;
}
