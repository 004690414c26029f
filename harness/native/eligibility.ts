import { countOperations, type OperationStream, type OpName } from '../../workloads/stream/stream.js';

/** The verbs that the designs in C have. */
const NATIVE_VERBS: readonly OpName[] = ['load', 'put', 'interrupt', 'drainGaLog'];

/** Whether a stream's window holds only what the designs in C can do; its setup and teardown are TypeScript's. */
export function isNativeStream({ words, windowStart, windowEnd }: OperationStream): boolean {
  const verbs = Object.keys(countOperations(words, windowStart, windowEnd)) as OpName[];
  return verbs.every((verb) => NATIVE_VERBS.includes(verb));
}
