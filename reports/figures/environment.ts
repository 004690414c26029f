// The machine of a run, as names and values.
import type { Results } from '../../harness/results/results.js';
import type { Fact } from '../document.js';
import { bytesText, countText } from '../words/wording.js';

const UNKNOWN = 'not known';

/** The machine. */
export function environmentFacts({ environment, tool }: Pick<Results, 'environment' | 'tool'>): Fact[] {
  const { cpuModel, cpus, memoryBytes, load, kernel, node, v8, nodeFlags, timedNodeFlags } = environment;
  return [
    ['CPU', `${cpuModel}, ${countText(cpus)} online`],
    ['Memory', bytesText(memoryBytes)],
    ['Load average at the start', load.toFixed(2)],
    ['Governor', environment.governor ?? UNKNOWN],
    ['Turbo', environment.turbo ?? UNKNOWN],
    ['SMT', environment.smt ?? UNKNOWN],
    ['Virtualised', environment.virtualised ?? 'no sign of it'],
    ['Cgroup CPU quota', environment.cgroupCpuQuota ?? 'none'],
    ['Clock source', environment.clockSource ?? UNKNOWN],
    ['CPU of timed processes', environment.timedCpu === null ? 'any' : `${environment.timedCpu}, pinned`],
    ['Kernel', kernel],
    ['Node', `${node}, V8 ${v8}`],
    ['Node flags', nodeFlags.length === 0 ? 'none' : nodeFlags.join(' ')],
    ['Node flags of timed processes', timedNodeFlags.join(' ')],
    ['C compiler', environment.compiler ?? 'none'],
    ['gatag-bench', `${tool.version}, revision ${tool.revision ?? UNKNOWN}`],
  ];
}
