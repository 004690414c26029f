/** The operations whose work is counted. */
export const COUNTED_VERBS = ['load', 'put', 'route', 'unroute', 'wake', 'createVm', 'destroyVm'] as const;

export type CountedVerb = (typeof COUNTED_VERBS)[number];
