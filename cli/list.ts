// What `list` prints: the strategies and the workloads there are, and what a recording holds.
import { z } from 'zod';
import { describeStrategy, loadStrategies } from '../harness/plan/strategy-module.js';
import type { StrategyInfo } from '../harness/results/results.js';
import { BUILT_IN } from '../strategies/index.js';
import { WORKLOADS } from '../workloads/index.js';
import type { RecordingSummary } from '../workloads/recorded.js';

interface ParameterInfo {
  readonly name: string;
  readonly default: number | string;
  readonly description: string;
}

interface WorkloadListing {
  readonly id: string;
  readonly story: string;
  readonly favours: string;
  readonly disadvantages: string;
  readonly parameters: readonly ParameterInfo[];
}

/** The built-in strategies, as the results describe them. */
export async function listStrategies(): Promise<StrategyInfo[]> {
  return (await loadStrategies(BUILT_IN)).map(describeStrategy);
}

/** The workloads with their parameters. */
export function listWorkloads(): WorkloadListing[] {
  return WORKLOADS.map(({ id, story, favours, disadvantages, schema }) => {
    const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
    const parameters = Object.entries(properties).map(([name, property]) => {
      const { default: value, description } = property as { default: number | string; description: string };
      return { name, default: value, description };
    });
    return { id, story, favours, disadvantages, parameters };
  });
}

/** The strategies as text. */
export function strategiesText(strategies: readonly StrategyInfo[]): string {
  return strategies.map(({ id, title, source }) => `${id}\n  ${title}\n  ${source}\n`).join('');
}

/** The workloads as text. */
export function workloadsText(workloads: readonly WorkloadListing[]): string {
  return workloads
    .map(({ id, story, favours, disadvantages, parameters }) => {
      const lines = parameters.map(({ name, default: value, description }) => {
        return `    ${name}=${value}  ${description}\n`;
      });
      return `${id}\n  ${story}\n  Kind to: ${favours}\n  Unkind to: ${disadvantages}\n${lines.join('')}`;
    })
    .join('');
}

/** A recording as text. */
export function recordingText({ file, counts, groupedBy, machines }: RecordingSummary): string {
  const vms = machines.map(({ tgid, threads }) => {
    const vcpus = threads.map(({ vcpu, tid }) => `${vcpu}: ${tid}`).join(', ');
    return `  VM${tgid === null ? '' : ` of process ${tgid}`}: vCPU: thread ${vcpus}\n`;
  });
  const lines = Object.entries(counts).map(([name, count]) => `  ${name} ${count}\n`);
  return `${file}\n${lines.join('')}VMs by ${groupedBy}:\n${vms.join('')}`;
}
