// The same comparisons through other harnesses, tinybench alone and mitata, with the time that this one takes.

import { Child, withChild } from '../process/child.js';
import { INJECTED, TOOLS_PERCENT, type Tool, type ToolComparisons } from '../results/calibration.js';
import type { CellPlan, CellProtocol } from '../timing/cell-runner.js';
import type { ToolFigure } from './tools-child.js';

/** Whether a tool is installed. */
export function isInstalled(tool: Tool): boolean {
  try {
    import.meta.resolve(tool);
    return true;
  } catch {
    return false;
  }
}

/**
 * Times the baseline twice and the slowed strategy through another harness.
 *
 * @param seconds - Time that this harness took for all strategies of the cell.
 */
export async function runTool(
  tool: Tool,
  { strategies }: CellPlan,
  { windowsPerBatch }: CellProtocol,
  seconds: number,
): Promise<ToolComparisons> {
  const base = strategies[0] as { jobFile: string };
  const slowed = strategies[INJECTED.indexOf(TOOLS_PERCENT)] as { jobFile: string };
  const jobs = [base.jobFile, base.jobFile, slowed.jobFile];
  const milliseconds = (1000 * seconds) / (strategies.length + 1);
  const words = [tool, String(windowsPerBatch), String(milliseconds), ...jobs];
  const [first, twin, slow] = await withChild(new Child('calibration/tools-child', words), (child) =>
    child.hear<[ToolFigure, ToolFigure, ToolFigure]>(),
  );
  const found = toolsVerdict(first, slow);
  return {
    twin: toolsVerdict(first, twin),
    slowed: { ratio: found.ratio, separated: found.separated && found.ratio > 1 },
  };
}

/**
 * Whether a harness says that two strategies differ. tinybench does if the margins of error of the two means do not
 * touch. mitata gives no margin: it does if its summary, of two decimals, would print another ratio than 1.
 */
function toolsVerdict(base: ToolFigure, other: ToolFigure): ToolComparisons['twin'] {
  const ratio = other.mean / base.mean;
  if (base.margin === null || other.margin === null) {
    return { ratio, separated: Math.max(ratio, 1 / ratio).toFixed(2) !== '1.00' };
  }
  const isBelow = base.mean * (1 + base.margin) < other.mean * (1 - other.margin);
  const isAbove = base.mean * (1 - base.margin) > other.mean * (1 + other.margin);
  return { ratio, separated: isBelow || isAbove };
}
