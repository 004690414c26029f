/** The functions of jStat that are used; it ships no types. */
declare module 'jstat' {
  const jstat: {
    studentt: {
      inv(p: number, degreesOfFreedom: number): number;
      cdf(t: number, degreesOfFreedom: number): number;
    };
    /** Makes all of jStat's draws come from a source of numbers from 0 to 1. */
    setRandom(source: () => number): void;
    /** A draw of the standard normal distribution. */
    randn(): number;
  };
  export default jstat;
}
