// Writes a report's files. All of them are complete on the disk before the first takes its name, so that a full
// disk never leaves half a report in the place of a whole one.
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Results } from '../harness/results.js';
import { chartsOf } from './charts.js';
import { renderCsv } from './csv.js';
import { renderHtml } from './html/render-html.js';
import { renderPng } from './png.js';
import { renderText } from './text.js';

/**
 * Writes report.html, report.txt, results.csv and charts/*.png into a directory, which is made if need be.
 *
 * @returns The paths of the files.
 */
export async function writeReport(results: Results, directory: string): Promise<string[]> {
  const pngs = new Map(chartsOf(results).map((chart) => [chart.name, renderPng(chart)]));
  const files: [string, string | Uint8Array][] = [
    [join(directory, 'report.html'), renderHtml(results, pngs)],
    [join(directory, 'report.txt'), renderText(results)],
    [join(directory, 'results.csv'), renderCsv(results)],
    ...[...pngs].map(([name, png]): [string, Uint8Array] => [join(directory, 'charts', `${name}.png`), png]),
  ];
  await mkdir(join(directory, 'charts'), { recursive: true });
  const paths = files.map(([path]) => path);
  try {
    for (const [path, content] of files) await writeFile(partial(path), content, { flush: true });
    for (const path of paths) await rename(partial(path), path);
  } catch (error) {
    await Promise.allSettled(paths.map((path) => rm(partial(path), { force: true })));
    throw error;
  }
  return paths;
}

function partial(path: string): string {
  return `${path}.partial`;
}
