/** The functions of jStat that the project uses. The package has no types. */
declare module 'jstat' {
  const jstat: {
    studentt: {
      inv(p: number, degreesOfFreedom: number): number;
      cdf(t: number, degreesOfFreedom: number): number;
    };
    /** Sets the source of all draws: numbers from 0 to 1. */
    setRandom(source: () => number): void;
    /** Draws from the standard normal distribution. */
    randn(): number;
  };
  export default jstat;
}
