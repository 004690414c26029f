/** A table of figures by name, the same in the page and in the text. */
export interface NumberTable {
  readonly caption: string;
  /** Heads of the columns, that of the names first. */
  readonly head: readonly string[];
  /** The name, and a figure for each further column. */
  readonly rows: readonly (readonly string[])[];
  /** Whose figures they are, if of one workload. */
  readonly workload?: string;
}
