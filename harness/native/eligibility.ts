import { countOperations, type OperationStream, type OpName } from '../../workloads/stream/stream.js';

/** The operations that strategies have in C. */
const NATIVE_VERBS: readonly OpName[] = ['load', 'put', 'interrupt', 'drainGaLog'];

/** Whether C has all operations of a stream's window. TypeScript runs the setup and the teardown. */
export function isNativeStream({ words, windowStart, windowEnd }: OperationStream): boolean {
  const verbs = Object.keys(countOperations(words, windowStart, windowEnd)) as OpName[];
  return verbs.every((verb) => NATIVE_VERBS.includes(verb));
}
