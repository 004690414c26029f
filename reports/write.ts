// Writes a run's files. Files that are written together are complete on the disk before the first gets its name, so a
// full disk never replaces a whole report by half of one.
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Results } from '../harness/results/results.js';
import { allCharts } from './charts/all-charts.js';
import { renderPng } from './charts/png.js';
import { renderCsv } from './csv.js';
import { renderHtml } from './html/render-html.js';
import { renderFullText } from './text/full-text.js';
import { renderMail } from './text/mail.js';
import { neutralised } from './words/untrusted.js';

/** Paths within a folder, with what makes their contents. */
type Files = readonly (readonly [string, () => string | Uint8Array])[];

/** The report's files: report.html, report.txt (a mail), report-full.txt, results.csv and charts/*.png. */
function reportFiles(results: Results): Files {
  return [
    ['report.html', () => renderHtml(results)],
    ['report.txt', () => renderMail(results)],
    ['report-full.txt', () => renderFullText(results)],
    ['results.csv', () => renderCsv(results)],
    ...allCharts(neutralised(results)).map(
      (chart) => [join('charts', `${chart.name}.png`), () => renderPng(chart)] as const,
    ),
  ];
}

/** Writes results.json into a directory that exists. */
export async function writeResults(results: Results, directory: string): Promise<void> {
  await writeFiles([['results.json', () => `${JSON.stringify(results, null, 1)}\n`]], directory);
}

/**
 * Writes the report into a directory and creates the directory if it does not exist.
 *
 * @returns The paths of the files.
 */
export async function writeReport(results: Results, directory: string): Promise<string[]> {
  await mkdir(join(directory, 'charts'), { recursive: true });
  return writeFiles(reportFiles(results), directory);
}

async function writeFiles(files: Files, directory: string): Promise<string[]> {
  const paths = files.map(([name]) => join(directory, name));
  try {
    // Signals are heard between two files.
    for (const [name, render] of files) {
      await writeFile(partial(join(directory, name)), render(), { flush: true });
    }
    for (const path of paths) await rename(partial(path), path);
  } finally {
    await Promise.all(paths.map((path) => rm(partial(path), { force: true })));
  }
  return paths;
}

function partial(path: string): string {
  return `${path}.partial`;
}
