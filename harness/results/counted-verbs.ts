/** Verbs whose work is counted. */
export const COUNTED_VERBS = ['load', 'put', 'route', 'unroute', 'wake', 'createVm'] as const;

/** A verb whose work is counted. */
export type CountedVerb = (typeof COUNTED_VERBS)[number];
