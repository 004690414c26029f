// Judges strategies on a workload, each in a process of its own, and counts their work.

import { STARTING_PROCESSES } from '../method.js';
import { checkFailed } from '../oracle/oracle.js';
import type { Prepared } from '../plan/prepare.js';
import type { Progress, RunPlan } from '../plan/run-plan.js';
import type { LoadedStrategy } from '../plan/strategy-module.js';
import { ChildError } from '../process/child.js';
import { Workshop } from '../process/workshop.js';
import { isCountable } from '../results/comparison.js';
import type { Check, CountedWork, Undone } from '../results/results.js';
import { type CheckForm, type Judged, judgeInChild, judgeOrSay } from './judge-in-child.js';

/** What is known of strategies on a workload without a clock. */
export interface Judgement extends Judged<Check> {
  /** Of those that came to the end of their check, if it was asked for. */
  readonly counted: readonly CountedWork[];
}

const FORM: CheckForm<Check> = {
  failed: checkFailed,
  findingsOf: ({ findings }) => findings,
};

/** Judges one strategy in a process of its own. */
async function judgeOne(
  loaded: LoadedStrategy,
  where: string,
  jobFile: string,
  counts: boolean,
  workshop: Workshop,
  note: (line: string) => void,
): Promise<Judgement> {
  const { id } = loaded.strategy;
  const counted: CountedWork[] = [];
  const uncounted: Undone[] = [];
  const job = { module: 'verify/check-child', jobFile, who: `${id} on ${where}` } as const;
  const { checks, undone } = await judgeOrSay(loaded, where, FORM, async () => {
    let known: Check | undefined;
    try {
      return await judgeInChild<Check>(job, workshop, note, async (child, check) => {
        known = check;
        if (counts && isCountable(check)) counted.push(await child.ask<CountedWork>('count'));
      });
    } catch (error) {
      // What was judged is known, though it could not be counted.
      if (known === undefined || !(error instanceof ChildError)) throw error;
      uncounted.push({ strategy: id, where, what: 'counted', reason: error.message });
      return known;
    }
  });
  return { checks, counted, undone: [...undone, ...uncounted] };
}

/** Judges the strategies on one workload, and counts their work. */
export async function judgeAll(
  plan: RunPlan,
  { info, jobFiles }: Prepared,
  counts: boolean,
  progress: Progress,
): Promise<Judgement> {
  const workshop = new Workshop();
  const note = (line: string): void => progress.note(line);
  const all = await workshop.sideBySide([...plan.strategies.entries()], STARTING_PROCESSES, async (entry) => {
    const [index, loaded] = entry;
    const judged = await judgeOne(loaded, info.id, jobFiles[index] as string, counts, workshop, note);
    progress.advance(`checking ${info.id}`);
    return judged;
  });
  return {
    checks: all.flatMap(({ checks }) => checks),
    counted: all.flatMap(({ counted }) => counted),
    undone: all.flatMap(({ undone }) => undone),
  };
}
