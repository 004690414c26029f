// A host on which each written entry is flushed, simulated by the duration of the wait: how many entries it writes, and
// which lock is its limit.
import type { CompletionWaits, Contention, Results } from '../../harness/results/results.js';
import { HASH, KEPT_POINTER, type Kind } from '../debate/designs.js';
import type { NumberTable } from '../words/number-table.js';
import { laneText, millionsText, namesText, numberOf, partText } from '../words/wording.js';
import { COMPARED } from './contention-sentences.js';
import { SATURATED } from './contention-simulation.js';
import { ascending } from './contention-throughput.js';

type WaitPoint = CompletionWaits['points'][number];

/** Entries per second and IOMMU: the rate that the ceiling is compared with. */
const MILLION = 1e6;

const waitText = (waitNs: number): string => `${waitNs / 1000} us`;

/** Entries per second and IOMMU by strategy and wait; none if no wait was simulated. */
export function waitTables({ strategies }: Results, { waits }: Contention): NumberTable[] {
  if (waits === null) return [];
  const { host, cpus, lane, points } = waits;
  const durations = ascending(points.map(({ waitNs }) => waitNs));
  return [
    {
      caption:
        `${laneText(lane)}, simulated with ${numberOf(cpus, 'CPU')} and ${numberOf(host.iommus, 'IOMMU')} ` +
        `(flush=${host.flush}, tableLookup=${host.tableLookup}, commandLock=${host.commandLock}): million entries/s and IOMMU by the duration of a wait, and the ` +
        'busiest locks, in the order of the durations',
      head: ['strategy', ...durations.map(waitText), 'busiest locks'],
      rows: strategies.flatMap(({ id }) => {
        const own = points.filter(({ strategy }) => strategy === id);
        if (own.length === 0) return [];
        const rates = durations.map((duration) => own.find(({ waitNs }) => waitNs === duration));
        return [
          [
            id,
            ...rates.map((point) => (point === undefined ? '-' : millionsText(point.entriesPerSecond))),
            [...new Set(own.map(({ busiest }) => busiest ?? 'none'))].join(', '),
          ],
        ];
      }),
    },
  ];
}

/** What the waits show: the ceiling, the locks that set it, and whether the kinds of designs differ. */
export function waitSentences(results: Results, { waits }: Contention): string[] {
  if (waits === null) return [];
  const durations = ascending(waits.points.map(({ waitNs }) => waitNs));
  const pointsAt = (duration: number) => waits.points.filter(({ waitNs }) => waitNs === duration);
  const isBelow = (duration: number) =>
    pointsAt(duration).every(({ entriesPerSecond }) => entriesPerSecond < MILLION);
  const limited = durations.find((duration) => durations.every((one) => one < duration || isBelow(one)));
  const shown = limited ?? (durations.at(-1) as number);
  return [
    'Before v6.8 a CPU flushes each entry that it writes. It holds its locks, also the command lock of the IOMMU, until the ' +
      'flush is complete. The duration of this wait is swept, not measured: no published time was found.',
    [
      limited === undefined
        ? `Even with waits of ${waitText(shown)}, some strategies write a million entries per second and IOMMU.`
        : `With waits of ${waitText(shown)} or more, every strategy writes fewer than a million entries per second and IOMMU.`,
      ...limitSentences(pointsAt(shown), shown),
    ].join(' '),
    ...durations
      .flatMap((duration) => kindsAt(results, pointsAt(duration)) ?? [])
      .sort((one, other) => Math.abs(other.difference) - Math.abs(one.difference))
      .slice(0, 1)
      .map(
        ({ difference, hash, list }) =>
          `The highest ceilings of a ${HASH.name} and of a ${KEPT_POINTER.name} differ by at most ${partText(Math.abs(difference))}: ` +
          `${hash.strategy} against ${list.strategy}, with waits of ${waitText(hash.waitNs)}.`,
      ),
  ];
}

/** The locks that limit the compared designs, a sentence each. */
function limitSentences(points: readonly WaitPoint[], waitNs: number): string[] {
  const compared = COMPARED.flatMap((id) => points.filter(({ strategy }) => strategy === id));
  const lockOf = ({ busiest, utilisation }: WaitPoint) => (utilisation < SATURATED ? null : busiest);
  return [...new Set(compared.map(lockOf))].map((lock) => {
    const members = compared.filter((point) => lockOf(point) === lock);
    const rates = members.map(({ entriesPerSecond }) => entriesPerSecond);
    const [least, most] = [Math.min(...rates), Math.max(...rates)].map(millionsText);
    const range = least === most ? least : `${least} to ${most}`;
    const names = namesText(members.map(({ strategy }) => strategy));
    return `With ${waitText(waitNs)}, ${lock === null ? 'no lock' : `the lock ${lock}`} limits ${names} (${range} million).`;
  });
}

/** The best sound member of both kinds at a wait; null if a kind has none. */
function kindsAt({ strategies }: Results, points: readonly WaitPoint[]) {
  const bestOf = ({ members }: Kind): WaitPoint | undefined =>
    points
      .filter(
        ({ strategy: id }) => members.includes(id) && strategies.some((one) => one.id === id && one.sound),
      )
      .sort((one, other) => other.entriesPerSecond - one.entriesPerSecond)[0];
  const [hash, list] = [bestOf(HASH), bestOf(KEPT_POINTER)];
  if (hash === undefined || list === undefined) return null;
  return { hash, list, difference: hash.entriesPerSecond / list.entriesPerSecond - 1 };
}
