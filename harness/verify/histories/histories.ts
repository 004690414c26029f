// Generated histories for all strategies of a run: each is judged on those within its own limits, and on some
// beyond each limit, in a process of its own.
import type { Limit } from '../../../strategies/limits.js';
import type { EncodedHistory } from '../../../workloads/stream/history.js';
import { HISTORIES_BEYOND } from '../../method.js';
import { checkFailed } from '../../oracle/oracle.js';
import type { Progress } from '../../plan/run-plan.js';
import type { LoadedStrategy } from '../../plan/strategy-module.js';
import type { HistoryJob, WrittenHistory } from '../../process/child-protocol.js';
import { withScratch, writeScratch } from '../../process/scratch.js';
import { type CheckForm, type Judged, judgeEach, judgeInChild } from '../judge-in-child.js';
import type { HistoryCheck, HistorySet } from './history-check.js';
import { boundsOf, type Draw, historiesBeyond, historiesWithin } from './history-generator.js';

/** What is judged. */
export interface HistoryPlan {
  readonly strategies: readonly LoadedStrategy[];
  /** Draws histories within the limits of each strategy and beyond; or the same one for all. */
  readonly histories: Draw | EncodedHistory;
}

const written = ({ host, words }: EncodedHistory): WrittenHistory => ({ host, words: [...words] });

/** The histories for strategies with these limits. */
function historySet(
  limits: readonly Limit[],
  histories: HistoryPlan['histories'],
): HistorySet<WrittenHistory> {
  if ('words' in histories) return { within: [written(histories)], beyond: [] };
  const beyond = limits.map((limit) => {
    const draw = { ...histories, count: HISTORIES_BEYOND };
    return { limit, histories: historiesBeyond(limit, limits, draw)?.map(written) ?? null };
  });
  return { within: historiesWithin(boundsOf(limits), histories).map(written), beyond };
}

/** Judges every strategy on its histories. */
export function verifyHistories(plan: HistoryPlan, progress: Progress): Promise<Judged<HistoryCheck>> {
  const { strategies, histories } = plan;
  return withScratch((directory) => {
    /** Strategies with the same limits get the same histories, from one file. */
    const files = new Map<string, Promise<string>>();

    function fileFor(limits: readonly Limit[]): Promise<string> {
      const key = JSON.stringify(limits);
      const known =
        files.get(key) ??
        writeScratch(
          directory,
          `histories.${files.size}.json`,
          JSON.stringify(historySet(limits, histories)),
        );
      files.set(key, known);
      return known;
    }

    return judgeEach(strategies, 'histories', FORM, progress, async (loaded, workshop) => {
      const { limits, id } = loaded.strategy;
      const job: HistoryJob = { strategy: loaded.url, histories: await fileFor(limits) };
      const jobFile = await writeScratch(directory, `${id}.json`, JSON.stringify(job));
      return judgeInChild<HistoryCheck>(
        { module: 'verify/histories/history-child', jobFile, who: `${id} on histories` },
        workshop,
        progress.note,
      );
    });
  });
}

const FORM: CheckForm<HistoryCheck> = {
  failed: (strategy, failure) => ({
    strategy: strategy.id,
    histories: 0,
    allHistories: 0,
    operations: 0,
    findings: checkFailed(strategy, failure).findings.map((finding) => ({ finding, histories: 0 })),
    limits: [],
  }),
  findingsOf: ({ findings }) => findings.map(({ finding }) => finding),
};
