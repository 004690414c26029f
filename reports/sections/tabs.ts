// The report of a run: its tabs, in order.
import type { Tab } from '../document.js';
import { correctnessTab } from './correctness.js';
import { costTab } from './cost.js';
import type { Report } from './report.js';
import { scalingTab } from './scaling.js';
import { setupTab, trustTab, whatIfTab } from './setup.js';
import { summaryTab } from './summary.js';
import { whyTab } from './why.js';

export function tabsOf(report: Report): Tab[] {
  return [summaryTab, costTab, whyTab, correctnessTab, scalingTab, whatIfTab, trustTab, setupTab].map((tab) =>
    tab(report),
  );
}
