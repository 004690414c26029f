// Judging in children: each strategy in a process of its own, and what is to be judged once more in another, while nothing
// else works. What comes of a process that fails is decided here and in judging.ts: a strategy that ends its process has a
// finding; of one whose processes the machine ends nothing is known.

import { STARTING_PROCESSES } from '../method.js';
import type { Failure } from '../oracle/oracle.js';
import type { Progress } from '../plan/run-plan.js';
import type { LoadedStrategy, StrategyDescription } from '../plan/strategy-module.js';
import { type CheckingModule, Child, ChildError } from '../process/child.js';
import type { AgainReply } from '../process/child-protocol.js';
import { tryTwice, Workshop } from '../process/workshop.js';
import type { Finding, Undone } from '../results/results.js';

/** A process that judges. */
interface JudgingJob {
  readonly module: CheckingModule;
  /** Path of the job's file. */
  readonly jobFile: string;
  /** What a note is of. */
  readonly who: string;
}

/**
 * Has something judged in a child.
 *
 * @param note - Hears of a second try that succeeded.
 * @param goOn - What to ask the child after its answer.
 * @throws ChildError if the machine ended two processes, or the strategy one.
 */
export function judgeInChild<T extends object>(
  { module, jobFile, who }: JudgingJob,
  workshop: Workshop,
  note: (line: string) => void,
  goOn: (child: Child, answer: T) => Promise<void> = async () => {},
): Promise<T> {
  const judgeAgain = (place: unknown): Promise<object> =>
    workshop.alone(() =>
      tryTwice(who, note, () =>
        withChild(new Child(module, [jobFile, JSON.stringify(place)]), (child) => child.hear()),
      ),
    );
  return tryTwice(who, note, () =>
    withChild(new Child(module, [jobFile]), async (child) => {
      for (;;) {
        const message = await child.hear<T | AgainReply>();
        if ('again' in message) child.say(JSON.stringify(await judgeAgain(message.again)));
        else {
          await goOn(child, message);
          return message;
        }
      }
    }),
  );
}

/** Works with a child, and ends it. */
export async function withChild<T>(child: Child, work: (child: Child) => Promise<T>): Promise<T> {
  try {
    return await work(child);
  } finally {
    child.kill();
  }
}

/** What came of judging strategies. */
export interface Judged<C> {
  readonly checks: readonly C[];
  /** What the machine did not let be judged. */
  readonly undone: readonly Undone[];
}

/** The form of a check. */
export interface CheckForm<C> {
  /** The check of a strategy of which nothing but a failure is known. */
  readonly failed: (strategy: StrategyDescription, failure: Failure) => C;
  readonly findingsOf: (check: C) => readonly Finding[];
}

/** Judges a strategy, unless it is judged no further. @param where - What it is judged on. */
export async function judgeOrSay<C>(
  loaded: LoadedStrategy,
  where: string,
  { failed, findingsOf }: CheckForm<C>,
  judge: () => Promise<C>,
): Promise<Judged<C>> {
  const { strategy } = loaded;
  if (loaded.failure !== null) return { checks: [failed(strategy, loaded.failure)], undone: [] };
  try {
    const check = await judge();
    loaded.failure = failureIn(findingsOf(check), where);
    return { checks: [check], undone: [] };
  } catch (error) {
    if (!(error instanceof ChildError)) throw error;
    const { blames, message } = error;
    if (blames === 'machine') {
      return { checks: [], undone: [{ strategy: strategy.id, where, what: 'judged', reason: message }] };
    }
    const failure = { kind: 'threw', what: 'the process of the check', found: message } as const;
    return { checks: [failed(strategy, failure)], undone: [] };
  }
}

/** Why a strategy is judged no further: an operation does not end, and no limit covers that. Null while it is judged. */
function failureIn(findings: readonly Finding[], where: string): Failure | null {
  const endless = findings.find(({ kind, declaredBy }) => kind === 'endless' && declaredBy === null);
  if (endless === undefined) return null;
  const { what, outcome } = endless.first;
  return { kind: 'endless', what, found: `${outcome}, as ${where} showed; it is judged no further` };
}

/** Judges strategies side by side. */
export async function judgeEach<C>(
  strategies: readonly LoadedStrategy[],
  where: string,
  form: CheckForm<C>,
  progress: Progress,
  judge: (loaded: LoadedStrategy, workshop: Workshop) => Promise<C>,
): Promise<Judged<C>> {
  const workshop = new Workshop();
  progress.start(strategies.length);
  const all = await workshop.sideBySide(strategies, STARTING_PROCESSES, async (loaded) => {
    const judged = await judgeOrSay(loaded, where, form, () => judge(loaded, workshop));
    progress.advance(`judging ${where}`);
    return judged;
  });
  return {
    checks: all.flatMap(({ checks }) => checks),
    undone: all.flatMap(({ undone }) => undone),
  };
}
