/** Time of a strategy / time of a baseline, with bounds; a bound below 0 is none. By language, workload, strategy, baseline. */
export type TimesData = Readonly<
  Record<
    string,
    Readonly<
      Record<string, Readonly<Record<string, Readonly<Record<string, readonly [number, number, number]>>>>>
    >
  >
>;
