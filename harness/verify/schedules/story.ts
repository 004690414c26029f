// A schedule in words: what each CPU did until its turn was over.
import { operationsOf } from '../../../workloads/stream/history.js';
import { describeHost, describeOperation, stepsOf } from '../../../workloads/stream/operation-text.js';
import { HEADER_WORDS, type Operation } from '../../../workloads/stream/stream.js';
import type { Counterexample } from '../../results/results.js';
import type { Judge, Problem } from './judge.js';
import type { Stage } from './stage.js';
import { cpuName, type Run, type Step, type Turn } from './turns.js';

/** "1st", "2nd", "17th". */
function ordinal(number: number): string {
  const isTeen = Math.floor((number % 100) / 10) === 1;
  const suffix = isTeen ? undefined : ['th', 'st', 'nd', 'rd'][number % 10];
  return `${number}${suffix ?? 'th'}`;
}

/** What a step is of. */
function stepText({ kind, address, value }: Step, judge: Judge): string {
  switch (kind) {
    case 'load':
      return `a load of ${judge.names.words.ofWord(address)}`;
    case 'store':
      return `a store to ${judge.names.words.ofWord(address)}`;
    case 'lock':
      return `taking ${judge.lockName(address)}`;
    case 'unlock':
      return `releasing ${judge.lockName(address)}`;
    case 'alloc':
      return `the allocation of ${value} bytes`;
    case 'free':
      return `the free of the object with ${judge.names.words.ofWord(address)}`;
  }
}

/** Turns in which a CPU made no step, and was not the last to wait, say nothing; turns of one CPU in a row are one. */
function told(turns: readonly Turn[]): Turn[] {
  const kept: Turn[] = [];
  turns.forEach((turn, index) => {
    const previous = kept.at(-1);
    const isNothing = turn.steps === 0 && turn.end === 'preempted' && index < turns.length - 1;
    if (isNothing) return;
    if (previous?.cpu === turn.cpu && previous.end === 'preempted') {
      kept[kept.length - 1] = { ...turn, from: previous.from, steps: previous.steps + turn.steps };
    } else {
      kept.push(turn);
    }
  });
  return kept;
}

/** @param turns - Those that are told, of which one is put in words. */
function turnText(turns: readonly Turn[], index: number, stage: Stage, judge: Judge): string {
  const { cpu, from, steps, end, waitsFor } = turns[index] as Turn;
  const isFirst = turns.findIndex((turn) => turn.cpu === cpu) === index;
  const name = `"${describeOperation(stage.case.atOnce[cpu] as Operation, judge.names.vcpus)}"`;
  const doing = isFirst ? `${cpuName(cpu)} runs ${name}` : `${cpuName(cpu)} goes on`;
  switch (end) {
    case 'done':
      return `${doing} to its end`;
    case 'failed':
      return `${doing}, and fails`;
    case 'waits':
      return `${doing} until it waits for ${judge.lockName(waitsFor as number)}`;
    case 'preempted': {
      const next = nextText(turns.slice(index + 1), cpu, stage.turns.stepOf(cpu, from + steps), judge);
      return `${doing} until before its ${ordinal(from + steps + 1)} step${next === null ? '' : `, ${next}`}`;
    }
  }
}

/** What a CPU did next, or would have if it had got the lock. */
function nextText(later: readonly Turn[], cpu: number, step: Step | undefined, judge: Judge): string | null {
  if (step !== undefined) return stepText(step, judge);
  const waitsFor = later.find((turn) => turn.cpu === cpu)?.waitsFor ?? null;
  return waitsFor === null ? null : `taking ${judge.lockName(waitsFor)}`;
}

/**
 * A schedule that the stage has just run and the judge has judged.
 *
 * @remarks The steps before the operations at once can be read back as a history.
 */
export function storyOf({ turns }: Run, problem: Problem, stage: Stage, judge: Judge): Counterexample {
  const { stream, offsets, host } = stage.case;
  const shown = told(turns);
  return {
    host: describeHost(host),
    steps: [
      ...stepsOf(operationsOf(stream, HEADER_WORDS, offsets[0])),
      ...shown.map((_, index) => turnText(shown, index, stage, judge)),
    ],
    outcome: problem.outcome,
  };
}

/** The operations at once in words. */
export function atOnceText(stage: Stage, judge: Judge): string {
  const texts = stage.case.atOnce.map((operation) => describeOperation(operation, judge.names.vcpus));
  return texts.map((text) => `"${text}"`).join(' at once with ');
}
