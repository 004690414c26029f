// The hosts on which the kept pointer takes less than the look-up, and the hosts on which it takes more.
import { compareCell } from '../../harness/results/comparison.js';
import { LANES, type Lane, type Results, type SweptPoint } from '../../harness/results/results.js';
import { type ProcessInterval, sideOfOne } from '../../harness/results/statistics.js';
import { timedPoints } from '../../harness/results/sweep-curves.js';
import type { NumberTable } from '../words/number-table.js';
import {
  bandText,
  confidenceText,
  countText,
  estimateText,
  languageText,
  ratioText,
} from '../words/wording.js';
import { LOOK_UP, NO_LOOK_UP } from './cost-answers.js';
import { costOf } from './cost-formula.js';
import { L3, meansOf, unitCostsAt } from './cost-model.js';
import { sweptPoints } from './swept-points.js';

/** A host, by the two parameters of the map. */
export interface CrossoverCell {
  readonly entries: number;
  readonly entriesPerVcpu: number;
  /** Time or cost of {@link NO_LOOK_UP} / {@link LOOK_UP}. */
  readonly ratio: number;
  /** Null for counted work. */
  readonly interval: ProcessInterval | null;
  /** Whether the interval excludes 1, or the ratio of counted work lies outside the run's band. */
  readonly isSeparated: boolean;
}

/** All hosts of one source: counted work with unit costs, or the times in one language. */
export interface CrossoverMap {
  readonly source: 'counted' | Lane;
  readonly cells: readonly CrossoverCell[];
}

/** The maps of a run. */
export function crossoverMaps(results: Results): CrossoverMap[] {
  const maps: CrossoverMap[] = [
    { source: 'counted', cells: countedCells(results) },
    ...LANES.map((lane) => ({ source: lane, cells: timedCells(results, lane) })),
  ];
  return maps.filter(({ cells }) => cells.length > 0);
}

function hostOf({ parameters }: SweptPoint): { entries: number; entriesPerVcpu: number } {
  const { vms = 0, vcpusPerVm = 0, irqsPerVcpu = 0 } = parameters;
  return { entries: vms * vcpusPerVm * irqsPerVcpu, entriesPerVcpu: irqsPerVcpu };
}

function countedCells(results: Results): CrossoverCell[] {
  const lookedUp = sweptPoints(results, 'crossover', LOOK_UP, 'load');
  return sweptPoints(results, 'crossover', NO_LOOK_UP, 'load').flatMap(({ point, work }) => {
    const other = lookedUp.find((candidate) => candidate.point === point);
    if (other === undefined) return [];
    const [one, both] = [work, other.work].map((load) => costOf(meansOf(load), unitCostsAt(L3.ns))) as [
      number,
      number,
    ];
    const ratio = one / both;
    const isSeparated = Math.abs(ratio - 1) > results.run.band;
    return [{ ...hostOf(point), ratio, interval: null, isSeparated }];
  });
}

function timedCells(results: Results, lane: Lane): CrossoverCell[] {
  return timedPoints(results, 'crossover').flatMap(({ point, cell }) => {
    const { rows } = compareCell(results, cell, LOOK_UP, lane);
    const interval = rows.find(({ strategy }) => strategy === NO_LOOK_UP)?.ratio;
    if (interval === undefined) return [];
    const isSeparated = sideOfOne(interval) !== null;
    return [{ ...hostOf(point), ratio: interval.estimate, interval, isSeparated }];
  });
}

/** The source of a map, in words. */
export function sourceText({ source }: CrossoverMap): string {
  if (source === 'counted') return `counted work of a load, lines from ${L3.name}`;
  return `timed in ${languageText(source)}`;
}

/** The values along both sides of the maps. */
export function crossoverSides({ sweeps }: Results): { entries: number[]; entriesPerVcpu: number[] } {
  const hosts = sweeps.filter(({ axis }) => axis === 'crossover').map(hostOf);
  const sorted = (values: number[]) => [...new Set(values)].sort((a, b) => a - b);
  return {
    entries: sorted(hosts.map(({ entries }) => entries)),
    entriesPerVcpu: sorted(hosts.map(({ entriesPerVcpu }) => entriesPerVcpu)),
  };
}

/** A map as a table. */
export function crossoverTable(results: Results, map: CrossoverMap): NumberTable {
  const { entries, entriesPerVcpu } = crossoverSides(results);
  const doubt =
    map.source === 'counted'
      ? `* within the band of +-${bandText(results)}`
      : `${confidenceText(results)} interval; * not told apart`;
  return {
    caption: `${NO_LOOK_UP} / ${LOOK_UP}, ${sourceText(map)}: entries of the host by entries of a vCPU; ${doubt}`,
    head: ['entries', ...entriesPerVcpu.map((count) => `${countText(count)} per vCPU`)],
    rows: entries.map((total) => [
      countText(total),
      ...entriesPerVcpu.map((each) => {
        const cell = map.cells.find((one) => one.entries === total && one.entriesPerVcpu === each);
        return cell === undefined ? '-' : `${hostRatioText(cell)}${cell.isSeparated ? '' : ' *'}`;
      }),
    ]),
  };
}

/** The ratio of a host, with its interval if it was timed. */
export function hostRatioText({ ratio, interval }: CrossoverCell): string {
  return interval === null ? ratioText(ratio) : estimateText(interval, ratioText);
}
