// What `list` prints: the strategies and the workloads there are, and what a recording holds.
import { z } from 'zod';
import { describeStrategy, loadStrategies } from '../harness/plan/strategy-module.js';
import type { StrategyInfo } from '../harness/results/results.js';
import { hostSchema } from '../machine/host.js';
import { BUILT_IN } from '../strategies/index.js';
import { WORKLOADS } from '../workloads/index.js';
import type { RecordingSummary } from '../workloads/recorded.js';
import { spanText } from '../workloads/trace/event-order.js';

/** The built-in strategies, as the results describe them. */
export async function listStrategies(): Promise<StrategyInfo[]> {
  return (await loadStrategies(BUILT_IN)).map(describeStrategy);
}

/** The parameters of a schema. */
function parametersOf(schema: z.ZodType) {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const { default: value, description } = property as { default: number | string; description: string };
    return { name, default: value, description };
  });
}

/** The workloads with their parameters, and with the parameters of the host that they set. */
export function listWorkloads() {
  return WORKLOADS.map(({ id, description, favours, penalises, schema, host = {} }) => {
    const ofHost = parametersOf(hostSchema).flatMap((parameter) => {
      const value = host[parameter.name as keyof typeof host];
      return value === undefined ? [] : [{ ...parameter, default: value }];
    });
    return { id, description, favours, penalises, parameters: [...parametersOf(schema), ...ofHost] };
  });
}

/** The strategies as text. */
export function strategiesText(strategies: readonly StrategyInfo[]): string {
  return strategies.map(({ id, title, source }) => `${id}\n  ${title}\n  ${source}\n`).join('');
}

/** The workloads as text. */
export function workloadsText(workloads: ReturnType<typeof listWorkloads>): string {
  return workloads
    .map(({ id, description, favours, penalises, parameters }) => {
      const lines = parameters.map(({ name, default: value, description }) => {
        return `    ${name}=${value}  ${description}\n`;
      });
      return `${id}\n  ${description}\n  Favours: ${favours}\n  Penalises: ${penalises}\n${lines.join('')}`;
    })
    .join('');
}

/** A recording as text. */
export function recordingText(recording: RecordingSummary): string {
  const { file, counts, groupedBy, machines, source, cpus, hostCpus, warnings } = recording;
  const vms = machines.map(({ tgid, threads }) => {
    const vcpus = threads.map(({ vcpu, tid }) => `${vcpu}: ${tid}`).join(', ');
    return `  VM${tgid === null ? '' : ` of process ${tgid}`}: vCPU: thread ${vcpus}\n`;
  });
  const ofHost = hostCpus === null ? 'an unknown number' : hostCpus;
  const lines = [
    ...Object.entries(counts).map(([name, count]) => `${name} ${count}`),
    `schedule from ${source}`,
    `time span ${spanText(recording.span, recording.isTicks)}`,
    `CPUs with events: ${cpus.length} of ${ofHost} (${cpus.join(', ')})`,
  ].map((line) => `  ${line}\n`);
  const warned = warnings.map((warning) => `warning: ${warning}\n`);
  return `${file}\n${lines.join('')}VMs by ${groupedBy}:\n${vms.join('')}${warned.join('')}`;
}
