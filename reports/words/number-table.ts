/** A table of figures by name, for the page and for the text. */
export interface NumberTable {
  readonly caption: string;
  /** Heads of the columns; the first is the head of the names. */
  readonly head: readonly string[];
  /** A name and a figure for each further column. */
  readonly rows: readonly (readonly string[])[];
  /** Set if all figures belong to one workload. */
  readonly workload?: string;
}
