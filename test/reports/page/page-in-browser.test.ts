import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import { csvParseRows } from 'd3-dsv';
import type { Page } from 'playwright-core';
import { renderText } from '../../../reports/text/text.js';
import { parseHistory } from '../../../workloads/stream/history-text.js';
import { chartsDrawn, describeInBrowser, FIGURES, pageOf } from '../browser.js';
import { hostileResults } from '../hostile-results.js';
import { syntheticResults } from '../synthetic-results.js';

const html = pageOf(syntheticResults());
const axeSource = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** The number of opaque pixels of each canvas. */
function inkOfCanvases(page: Page): Promise<number[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('canvas')].map((canvas) => {
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return pixels.filter((value, index) => index % 4 === 3 && value > 0).length;
    }),
  );
}

/** The violations that axe finds, with their elements. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const { violations: all } = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return all.flatMap(({ id, impact, nodes }) => nodes.map((node) => `${impact} ${id}: ${node.html}`));
}

describeInBrowser('the page in a browser', (open) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      test(`${colorScheme}, ${width} pixels: charts are drawn, nothing is loaded, nothing scrolls sideways, and axe finds no violation`, async () => {
        const { page, complaints } = await open(html, { colorScheme, viewport: { width, height: 900 } });
        await chartsDrawn(page);
        const ink = await inkOfCanvases(page);
        assert.equal(ink.length, FIGURES);
        for (const pixels of ink) assert.ok(pixels > 2000, `${pixels} pixels`);
        const scrolls = await page.evaluate(() => document.scrollingElement?.scrollWidth ?? Infinity);
        assert.ok(scrolls <= width, `${scrolls} pixels wide`);
        await page.locator('.filter summary').click();
        await page.locator('.plain-text summary').click();
        await page.locator('th button').first().click();
        assert.deepEqual(await violations(page), []);
        assert.deepEqual(complaints, []);
        await page.context().close();
      });
    }
  }

  test('the first tab stop is a link that skips the contents', async () => {
    const { page } = await open(html);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to the results');
    assert.ok(await page.locator('.skip').isVisible());
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'MAIN');
    await page.context().close();
  });

  test('a change of the colour scheme draws the charts again', async () => {
    const { page, complaints } = await open(html, { colorScheme: 'light' });
    await chartsDrawn(page);
    const before = await page.evaluate(() => document.querySelector('canvas')?.toDataURL());
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForFunction((old) => document.querySelector('canvas')?.toDataURL() !== old, before);
    assert.equal(await page.locator('canvas').count(), FIGURES);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test('a folded chart is drawn when it is opened', async () => {
    const { page, complaints } = await open(html, { viewport: { width: 390, height: 900 } });
    await chartsDrawn(page);
    await page.locator('#samples-pinned summary').click();
    await page.waitForFunction(() => document.querySelectorAll('#samples-pinned .interactive').length === 2);
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

  test('a point between two rows stays there, and the points of a row have one height', async () => {
    const { page } = await open(html);
    await chartsDrawn(page);
    const heights = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('figure[data-chart="pinned-ns"] canvas');
      const { Chart } = window as unknown as { Chart: typeof import('chart.js').Chart };
      const chart = canvas === null ? undefined : Chart.getChart(canvas);
      return [0, 1].map((dataset) => chart?.getDatasetMeta(dataset).data.map(({ y }) => Math.round(y)));
    });
    const [over = [], processes = []] = heights.map((dataset) => [...new Set(dataset)]);
    assert.deepEqual([over.length, processes.length], [1, 1]);
    assert.ok((over[0] as number) + 5 < (processes[0] as number));
    await page.context().close();
  });

  test('a point has a tooltip', async () => {
    const { page, complaints } = await open(html);
    await chartsDrawn(page);
    const text = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('#ratio-pinned canvas');
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

  test('a failure in the matrix opens its details, whose copied text can be replayed', async () => {
    const { page, complaints } = await open(html, { viewport: { width: 390, height: 900 } });
    const counterexample = page.locator('.history').first();
    assert.ok(await counterexample.isHidden());
    await page.locator('.found a[href^="#finding_posted-v4"]').first().click();
    assert.ok(await counterexample.isVisible());
    const copied = await counterexample.evaluate((element) => {
      getSelection()?.selectAllChildren(element);
      return String(getSelection());
    });
    assert.equal(parseHistory(copied, 'counterexample').operations.length, 121);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test('without scripts there are images instead of charts, no dead control, and a readable text', async () => {
    const { page } = await open(html, { javaScriptEnabled: false });
    assert.equal(await page.locator('canvas').count(), 0);
    for (const image of await page.locator('figure img').all()) {
      const isFolded = await image.evaluate((element) => element.closest('details') !== null);
      assert.equal(await image.isVisible(), !isFolded);
    }
    assert.equal(await page.locator('button:visible, input:visible').count(), 0);
    await page.locator('.plain-text summary').click();
    assert.ok(await page.locator('.plain-text pre').isVisible());
    await page.context().close();
  });

  test('print shows the images, unfolds everything and has no controls', async () => {
    const { page } = await open(html, { colorScheme: 'dark' });
    await chartsDrawn(page);
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    assert.ok(await page.locator('figure img').first().isVisible());
    assert.ok(await page.locator('.canvas-box canvas').first().isHidden());
    assert.ok(await page.locator('.history').first().isVisible());
    for (const controls of ['.filter', '.actions', '.link-to', '.skip', 'nav', '#text']) {
      assert.equal(await page.locator(`${controls}:visible`).count(), 0, controls);
    }
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    assert.ok(await page.locator('.history').first().isHidden());
    await page.context().close();
  });

  test('hostile text runs nothing, loads nothing and does not widen the page', async () => {
    const payload = `=1+"'><img src=x onerror=alert(1)></script></pre><script>alert(2)</script>${'w'.repeat(200)}`;
    const hostile = hostileResults(syntheticResults(), payload);
    const { page, complaints } = await open(pageOf(hostile), {
      viewport: { width: 390, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    // All timing is void in these results, so there are no samples.
    await page.waitForFunction(() => document.querySelectorAll('figure.interactive').length === 11);
    for (const control of await page.locator('.filter input, th:first-child button, .actions button').all()) {
      await control.dispatchEvent('click');
    }
    await page.locator('.choices button').dispatchEvent('click');
    await page.locator('#ratio-recorded .actions button').click();
    await page.locator('#ratio-recorded .actions button', { hasText: 'Copied' }).waitFor();
    const cells = csvParseRows(await page.evaluate(() => navigator.clipboard.readText())).flat();
    assert.ok(cells.some((cell) => cell.endsWith(`void: ${payload}`)));
    assert.ok(cells.every((cell) => !/^[=+@]/.test(cell)));
    assert.equal(await page.locator('.plain-text pre').textContent(), renderText(hostile));
    await page.locator('.plain-text summary').click();
    assert.equal(await page.evaluate(() => document.images.length), 11);
    assert.ok((await page.evaluate(() => document.scrollingElement?.scrollWidth ?? Infinity)) <= 390);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
});
