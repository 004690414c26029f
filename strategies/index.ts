// The built-in strategies, in the order of the debate. Neighbours differ by one decision, up to pointer-as-tag.

/** Ids of the built-in strategies. Each is the name of a module beside this one. */
export const BUILT_IN = [
  'posted-v4',
  'split-id-hash',
  'wide-vm-id-hash',
  'opaque-tag-hash',
  'shared-hash',
  'bucket-lock-hash',
  'list-in-ir-data',
  'ir-data-pointer',
  'pointer-array',
  'irte-pointer',
  'vcpu-entries',
  'indexed-tag',
  'pointer-as-tag',
  'merged-4.9',
  'merged-6.17',
  'merged-7.3',
  'floor',
] as const;

/** URL of a built-in strategy's module. A timed process imports this module and no other strategy. */
export function builtInUrl(id: string): string {
  return new URL(`./${id}.js`, import.meta.url).href;
}
