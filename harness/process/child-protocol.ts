// The talk between the runner and its children: lines of text on the child's stdin, lines of JSON on its stdout. The jobs
// and answers of each child are declared beside it; these messages are common to all.
//
//   child   {"busy":true}                               at any time: the answer is being worked on
//   child   {"unable":REASON}                           the harness cannot do its part, and the child ends
//   child   {"ended":HOW}                               the strategy has ended the process
//   child   {"again":PLACE}     runner  ANSWER          another process judges this place a second time
//
// The end of stdin ends the child, and nothing else does.

/** The answer is being worked on. */
export interface BusyReply {
  readonly busy: true;
}
/** The child cannot do its part. The strategy is not to blame. */
export interface UnableReply {
  readonly unable: string;
}
/** The strategy has ended the process. */
export interface EndedReply {
  readonly ended: string;
}
/** A judging child asks for a second judgement. Only its module knows what a place is. */
export interface AgainReply {
  readonly again: unknown;
}
