// A schedule in words: what each CPU did until its turn was over.
import { operationsOf } from '../../workloads/history.js';
import { describeHost, stepsOf } from '../../workloads/history-text.js';
import { describeOperation } from '../../workloads/operation-text.js';
import { HEADER_WORDS, type Operation } from '../../workloads/stream.js';
import type { Counterexample } from '../results.js';
import type { Judge, Problem } from './judge.js';
import type { Stage } from './stage.js';
import type { Run, Step, Turn } from './turns.js';

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

function turnText(turn: Turn, stage: Stage, judge: Judge): string {
  const { cpu, from, steps, end, waitsFor } = turn;
  const operation = stage.case.atOnce[cpu] as Operation;
  const name = `"${describeOperation(operation, judge.names.vcpus)}"`;
  const doing = from === 0 ? `CPU ${cpu + 1} runs ${name}` : `CPU ${cpu + 1} goes on`;
  switch (end) {
    case 'done':
      return `${doing} to its end`;
    case 'failed':
      return `${doing}, and fails`;
    case 'waits':
      return `${doing} until it waits for ${judge.lockName(waitsFor as number)}`;
    case 'preempted': {
      const step = stage.turns.stepOf(cpu, from + steps);
      const before = step === undefined ? '' : `, ${stepText(step, judge)}`;
      return `${doing} until before its ${ordinal(from + steps + 1)} step${before}`;
    }
  }
}

/**
 * A schedule that the stage has just run and the judge has judged.
 *
 * @remarks The steps before the operations at once can be read back as a history.
 */
export function storyOf({ turns }: Run, problem: Problem, stage: Stage, judge: Judge): Counterexample {
  const { stream, offsets, host } = stage.case;
  return {
    host: describeHost(host),
    steps: [
      ...stepsOf(operationsOf(stream, HEADER_WORDS, offsets[0])),
      ...told(turns).map((turn) => turnText(turn, stage, judge)),
    ],
    outcome: problem.outcome,
  };
}

/** The operations at once in words. */
export function atOnceText(stage: Stage, judge: Judge): string {
  const texts = stage.case.atOnce.map((operation) => describeOperation(operation, judge.names.vcpus));
  return texts.map((text) => `"${text}"`).join(' at once with ');
}
