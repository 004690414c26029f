// The built-in strategies, in the order of the debate: neighbours differ by one decision.

/** Ids of the built-in strategies; the module of each is the file of that name beside this one. */
export const BUILT_IN = [
  'posted-v4',
  'split-id-hash',
  'wide-vm-id-hash',
  'opaque-tag-hash',
  'ir-data-pointer',
  'pointer-as-tag',
  'merged-4.9',
  'merged-6.17',
  'floor',
] as const;

/** URL of a built-in strategy's module. A timed process imports that one and no other. */
export function builtInUrl(id: string): string {
  return new URL(`./${id}.js`, import.meta.url).href;
}
