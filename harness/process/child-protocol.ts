// What the runner and its children say to each other: a line of words on the child's stdin, a line of JSON on its
// stdout. A program in another language can take part.
//
//   child   {"ready":true}                              the setup has been run
//   runner  calibrate MS        child  {"windows":N}    N replays take MS ms, twice in a row, after a warm-up
//   runner  warm N              child  {"windowNs":[N...]}  N replays, each timed
//   runner  replay N            child  {"replayed":N}   N replays, untimed
//   runner  round W             child  {"batchNs":N,"roundNs":N,"cpuNs":N,"collections":N}  one untimed replay, then W
//                               timed ones: wall time of these, wall and CPU time of all
//   runner  image PATH          child  {"image":PATH}   the memory after the setup is in this file; see native/image
//   runner  digest              child  {"digest":"...","maskedDigest":"...","memoryDigest":"...","peakBytes":N}
//
//   child   {"busy":true}                               at any time: the answer is being worked on
//   child   {"unable":REASON}                           the harness cannot do its part, and it ends
//   child   {"ended":HOW}                               the strategy has ended the process
//   child   {"again":PLACE}     runner  ANSWER          what is at this place is judged once more, by another process
//
// The end of stdin, and nothing else, ends the child. A native child knows no image, and its digest is {"memoryDigest":"...","peakBytes":N}.

import type { HostParameters } from '../../machine/host.js';
import type { VerbCounts } from '../results/results.js';

/** In which memory a strategy is judged: checked memory sees every access; the other is for scale. */
export type MemoryMode = 'checked' | 'journaled';

/** What a child is started with, as a JSON file. */
export interface ChildJob {
  /** URL of the strategy's module. */
  readonly strategy: string;
  /** Path of the stream's file. */
  readonly stream: string;
  readonly host: HostParameters;
  /** In which memory a check is made. */
  readonly memory: MemoryMode;
}

/**
 * What a child that counts sweeps is started with, as a JSON file. It answers with a Held, and with a CountedPointReply
 * for each point.
 */
export interface SweepJob {
  /** URL of the strategy's module. */
  readonly strategy: string;
  /** Of the run. */
  readonly host: HostParameters;
  readonly points: readonly { readonly stream: string; readonly host: HostParameters }[];
}

/** The counted work of a strategy on one host of a sweep. */
export interface CountedPointReply {
  readonly verbs: readonly VerbCounts[];
}

/** Not an answer yet. */
export interface BusyReply {
  readonly busy: true;
}

/** The child cannot do what it is asked for, and that is no fault of the strategy's. */
export interface UnableReply {
  readonly unable: string;
}
/** The strategy has ended the process. */
export interface EndedReply {
  readonly ended: string;
}
/** A judging child asks for a second judgement; what a place is its module knows. */
export interface AgainReply {
  readonly again: unknown;
}

/** Answers of a timed child. */
export interface ReadyReply {
  readonly ready: true;
}
/** Replays of the window that take as long as was asked for. */
export interface CalibrateReply {
  readonly windows: number;
}
/** Readings of a batch, one after the other, that must be long enough. */
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
  /** Wall time of the whole round, by a monotonic clock, and the CPU time of the process meanwhile. */
  readonly roundNs: number;
  readonly cpuNs: number;
  /** Garbage collections during the batch. */
  readonly collections: number;
}
/** The memory after the setup was written to this path. */
export interface ImageReply {
  readonly image: string;
}
/** What a child in any language has come to. */
export interface NativeDigestReply {
  /** Of all words of the memory, the deliveries and the wakeups. */
  readonly memoryDigest: string;
  readonly peakBytes: number;
}
/** The same of a child in V8: digests of its IRTEs and deliveries, and of its IRTEs with tag and ga_log_intr masked. */
export interface DigestReply extends NativeDigestReply {
  readonly digest: string;
  readonly maskedDigest: string;
}
