import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { Results } from '../../src/harness/results.js';
import { allCharts } from '../../src/reports/charts/all-charts.js';
import { renderHtml } from '../../src/reports/html/render-html.js';
import { renderPng } from '../../src/reports/png.js';
import { parseHistory } from '../../src/workloads/history-text.js';
import { hostileResults } from './hostile-results.js';
import { syntheticResults } from './synthetic-results.js';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const skip = existsSync(executablePath)
  ? false
  : `no Chromium at ${executablePath}: set CHROMIUM to its path to run this`;

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe('the page in a browser', { skip }, () => {
  let browser: Browser;
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gatag-page-'));
    browser = await chromium.launch({ executablePath, args: ARGUMENTS });
  });

  after(async () => {
    await browser?.close();
    await rm(directory, { recursive: true });
  });

  /** Opens the page of `results`; complaints gather whatever the browser had to say of it. */
  async function open(results: Results, options: BrowserContextOptions) {
    const pngs = new Map(allCharts(results).map((chart) => [chart.name, renderPng(chart)]));
    const file = join(directory, 'report.html');
    await writeFile(file, renderHtml(results, pngs));
    const page = await (await browser.newContext(options)).newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => {
      const url = request.url();
      if (url !== pathToFileURL(file).href && !url.startsWith('data:')) complaints.push(`request: ${url}`);
    });
    await page.goto(pathToFileURL(file).href);
    return { page, complaints };
  }

  /** Opaque pixels of each canvas. */
  function inkOfCanvases(page: Page): Promise<number[]> {
    return page.evaluate(() =>
      [...document.querySelectorAll('canvas')].map((canvas) => {
        const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        return pixels.filter((value, index) => index % 4 === 3 && value > 0).length;
      }),
    );
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      test(`${colorScheme}, ${width} pixels: charts are drawn, nothing is loaded, nothing scrolls sideways`, async () => {
        const { page, complaints } = await open(syntheticResults(), {
          colorScheme,
          viewport: { width, height: 900 },
        });
        await page.waitForFunction(() => document.querySelectorAll('figure.interactive').length === 10);
        const ink = await inkOfCanvases(page);
        assert.equal(ink.length, 10);
        for (const pixels of ink) assert.ok(pixels > 2000, `${pixels} pixels`);
        const scrolls = await page.evaluate(() => document.scrollingElement?.scrollWidth ?? Infinity);
        assert.ok(scrolls <= width, `${scrolls} pixels wide`);
        assert.deepEqual(complaints, []);
        await page.context().close();
      });
    }
  }

  test('a change of the colour scheme draws the charts anew', async () => {
    const { page, complaints } = await open(syntheticResults(), { colorScheme: 'light' });
    await page.waitForFunction(() => document.querySelectorAll('figure.interactive').length === 10);
    const before = await page.evaluate(() => document.querySelector('canvas')?.toDataURL());
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForFunction((old) => document.querySelector('canvas')?.toDataURL() !== old, before);
    assert.equal(await page.locator('canvas').count(), 10);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test('what is folded away is drawn when it is opened', async () => {
    const { page, complaints } = await open(syntheticResults(), { viewport: { width: 390, height: 900 } });
    await page.waitForFunction(() => document.querySelectorAll('figure.interactive').length === 10);
    await page.locator('#samples-pinned summary').click();
    await page.waitForFunction(() => document.querySelectorAll('figure.interactive').length === 12);
    const canvases = page.locator('#samples-pinned canvas');
    assert.equal(await canvases.count(), 2);
    for (const canvas of await canvases.all()) {
      const { width = 0, height = 0 } = (await canvas.boundingBox()) ?? {};
      assert.ok(width > 300 && height > 400, `${width} x ${height}`);
    }
    for (const pixels of await inkOfCanvases(page)) assert.ok(pixels > 2000, `${pixels} pixels`);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test('a point between two rows stays there, and a row is level', async () => {
    const { page } = await open(syntheticResults(), {});
    await page.waitForFunction(() => document.querySelectorAll('figure.interactive').length === 10);
    const heights = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('figure[data-chart="pinned-ns"] canvas');
      const { Chart } = window as unknown as { Chart: typeof import('chart.js').Chart };
      const chart = canvas === null ? undefined : Chart.getChart(canvas);
      return [0, 1].map((dataset) => chart?.getDatasetMeta(dataset).data.map(({ y }) => Math.round(y)));
    });
    const [over = [], forks = []] = heights.map((dataset) => [...new Set(dataset)]);
    assert.deepEqual([over.length, forks.length], [1, 1]);
    assert.ok((over[0] as number) + 5 < (forks[0] as number));
    await page.context().close();
  });

  test('a pointer over a point is told what it is', async () => {
    const { page, complaints } = await open(syntheticResults(), {});
    await page.waitForFunction(() => document.querySelectorAll('figure.interactive').length === 10);
    const text = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('figure[data-chart="pinned-ratio"] canvas');
      const { Chart } = window as unknown as { Chart: typeof import('chart.js').Chart };
      const chart = canvas === null ? undefined : Chart.getChart(canvas);
      const point = chart?.getDatasetMeta(0).data[1];
      if (chart === undefined || point === undefined) return null;
      chart.tooltip?.setActiveElements([{ datasetIndex: 0, index: 1 }], point);
      return chart.tooltip?.body[0]?.lines[0] ?? null;
    });
    assert.match(
      String(text),
      /^ir-data-pointer \(A\/A twin\): (0\.99|1\.00)\d \[0\.9\d+, 1\.0\d+\], n = 10$/,
    );
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test('a mark of the matrix opens its finding, and its history is copied as it is replayed', async () => {
    const { page, complaints } = await open(syntheticResults(), { viewport: { width: 390, height: 900 } });
    const story = page.locator('.story').first();
    assert.ok(await story.isHidden());
    await page.locator('a[href^="#finding_posted-v4"]').first().click();
    assert.ok(await story.isVisible());
    const copied = await story.evaluate((element) => {
      getSelection()?.selectAllChildren(element);
      return String(getSelection());
    });
    assert.equal(parseHistory(copied, 'story').operations.length, 121);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test('without scripts the images stand in for the charts', async () => {
    const { page } = await open(syntheticResults(), { javaScriptEnabled: false });
    assert.equal(await page.locator('canvas').count(), 0);
    for (const image of await page.locator('figure img').all()) {
      const isFolded = await image.evaluate((element) => element.closest('details') !== null);
      assert.equal(await image.isVisible(), !isFolded);
    }
    await page.context().close();
  });

  test('print shows the images', async () => {
    const { page } = await open(syntheticResults(), { colorScheme: 'dark' });
    await page.waitForFunction(() => document.querySelectorAll('figure.interactive').length === 10);
    await page.emulateMedia({ media: 'print' });
    assert.ok(await page.locator('figure img').first().isVisible());
    assert.ok(await page.locator('canvas').first().isHidden());
    await page.context().close();
  });

  test('hostile text runs nothing, loads nothing and widens nothing', async () => {
    const payload = `"'><img src=x onerror=alert(1)></script><script>alert(2)</script>${'w'.repeat(200)}`;
    const { page, complaints } = await open(hostileResults(syntheticResults(), payload), {
      viewport: { width: 390, height: 900 },
    });
    // No timing counts there, so that there are no samples.
    await page.waitForFunction(() => document.querySelectorAll('figure.interactive').length === 9);
    assert.equal(await page.evaluate(() => document.images.length), 9);
    assert.ok((await page.evaluate(() => document.scrollingElement?.scrollWidth ?? Infinity)) <= 390);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
});
