// Judges strategies side by side, each in a process of its own. A second judgement runs in another process while no
// other child works. A process that the strategy ends is a failure; if the machine ends it twice, the strategy is not
// judged.

import { STARTING_PROCESSES } from '../method.js';
import { type FatalFailure, fatalFinding } from '../oracle/oracle.js';
import type { Progress } from '../plan/run-plan.js';
import type { LoadedStrategy } from '../plan/strategy-module.js';
import { type CheckingModule, Child, ChildError, withChild } from '../process/child.js';
import type { AgainReply } from '../process/child-protocol.js';
import { withScratch, writeScratch } from '../process/scratch.js';
import { tryTwice, Workshop } from '../process/workshop.js';
import type { Finding, Undone } from '../results/results.js';

/** The check of a strategy. On many histories or schedules each failure is wrapped with the number that showed it. */
interface AnyCheck {
  readonly findings: readonly (Finding | { readonly finding: Finding })[];
}

/** A way to judge strategies; C is the form of its checks. */
interface JudgingMethod<C> {
  /** What strategies are judged on, in words. */
  readonly where: string;
  readonly module: CheckingModule;
  /** Path of the file that a strategy's child is started with. */
  jobFileOf(loaded: LoadedStrategy): string | Promise<string>;
  /** The check of a strategy with nothing but a fatal failure. */
  failed(strategy: string, failure: Finding): C;
  /** Asks the child for counts after its check. */
  count?(child: Child, check: C): Promise<void>;
}

/** The checks of strategies. */
export interface Judged<C> {
  readonly checks: readonly C[];
  /** Work that the machine prevented. */
  readonly undone: readonly Undone[];
}

/** Judges strategies side by side. */
export async function judgeStrategies<C extends AnyCheck>(
  strategies: readonly LoadedStrategy[],
  method: JudgingMethod<C>,
  progress: Progress,
): Promise<Judged<C>> {
  const { where, module } = method;
  const workshop = new Workshop();

  async function judge(loaded: LoadedStrategy): Promise<Judged<C>> {
    const { id } = loaded.strategy;
    if (loaded.failure !== null)
      return { checks: [method.failed(id, fatalFinding(loaded.failure))], undone: [] };
    const jobFile = await method.jobFileOf(loaded);
    const inChild = <T>(words: string[], work: (child: Child) => Promise<T>): Promise<T> =>
      tryTwice(`${id} on ${where}`, progress.note, () => withChild(new Child(module, words), work));
    const again = (place: unknown): Promise<object> =>
      workshop.alone(() => inChild([jobFile, JSON.stringify(place)], (child) => child.hear()));
    let check: C | undefined;
    const undone: Undone[] = [];
    try {
      await inChild([jobFile], async (child) => {
        let answer = await child.hear<C | AgainReply>();
        while ('again' in answer) {
          child.say(JSON.stringify(await again(answer.again)));
          answer = await child.hear<C | AgainReply>();
        }
        check = answer;
        await method.count?.(child, check);
      });
    } catch (error) {
      if (!(error instanceof ChildError)) throw error;
      const { blames, message: reason } = error;
      // A check stays valid if the child ends while it counts.
      if (check !== undefined) undone.push({ strategy: id, where, what: 'counted', reason });
      else if (blames === 'machine') undone.push({ strategy: id, where, what: 'judged', reason });
      else {
        const failure = { kind: 'threw', what: 'the process of the check', found: reason } as const;
        check = method.failed(id, fatalFinding(failure));
      }
    }
    if (check === undefined) return { checks: [], undone };
    loaded.failure = fatalAmong(check, where);
    return { checks: [check], undone };
  }

  const all = await workshop.sideBySide(strategies, STARTING_PROCESSES, async (loaded) => {
    const judged = await judge(loaded);
    progress.advance(`judging ${where}`);
    return judged;
  });
  return { checks: all.flatMap(({ checks }) => checks), undone: all.flatMap(({ undone }) => undone) };
}

/** Why a strategy is judged no further: an operation is endless, and no limit covers it. Null otherwise. */
function fatalAmong({ findings }: AnyCheck, where: string): FatalFailure | null {
  const failures = findings.map((found) => ('finding' in found ? found.finding : found));
  const endless = failures.find(({ kind, declaredBy }) => kind === 'endless' && declaredBy === null);
  if (endless === undefined) return null;
  const { what, outcome } = endless.first;
  return { kind: 'endless', what, found: `${outcome}, as ${where} showed; it is judged no further` };
}

/** A way to judge strategies on many histories or schedules. */
interface VerifyMethod<C> extends Pick<JudgingMethod<C>, 'where' | 'module' | 'failed'> {
  /** The job of a strategy's child. */
  jobOf(loaded: LoadedStrategy): object;
}

/** Judges strategies on many histories or schedules. */
export function verifyStrategies<C extends AnyCheck>(
  strategies: readonly LoadedStrategy[],
  { jobOf, ...method }: VerifyMethod<C>,
  progress: Progress,
): Promise<Judged<C>> {
  progress.start(strategies.length);
  return withScratch((directory) => {
    const jobFileOf = (loaded: LoadedStrategy): Promise<string> =>
      writeScratch(directory, `${loaded.strategy.id}.json`, JSON.stringify(jobOf(loaded)));
    return judgeStrategies(strategies, { ...method, jobFileOf }, progress);
  });
}
