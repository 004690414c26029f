import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvParseRows } from 'd3-dsv';
import type { Locator, Page } from 'playwright-core';
import { renderText } from '../../../reports/text/text.js';
import { chartsDrawn, describeInBrowser, pageOf } from '../browser.js';
import { syntheticResults } from '../synthetic-results.js';

const results = syntheticResults();
const html = pageOf(results);
const permissions = ['clipboard-read', 'clipboard-write'];

async function hide(page: Page, ...ids: string[]): Promise<void> {
  await page.evaluate(() => document.querySelector('.filter')?.setAttribute('open', ''));
  for (const id of ids) await page.locator(`.filter input[value="${id}"]`).uncheck();
}

/** The labels of the lines and rows that a chart shows. */
function shownInChart(page: Page, name: string): Promise<{ lines: string[]; rows: string[] }> {
  return page.evaluate((figure) => {
    const canvas = document.querySelector<HTMLCanvasElement>(`[data-chart="${figure}"] canvas`);
    const { Chart } = window as unknown as { Chart: typeof import('chart.js').Chart };
    const chart = canvas === null ? undefined : Chart.getChart(canvas);
    if (chart === undefined) throw new Error('no chart');
    const { labels = [] } = (chart.options.scales?.y ?? {}) as { labels?: string[][] };
    return {
      lines: chart.getSortedVisibleDatasetMetas().map(({ label }) => label),
      rows: labels.map((lines) => lines.join(' ')),
    };
  }, name);
}

/** The names of a table's visible rows, in their present order. */
function namesIn(table: Locator): Promise<string[]> {
  return table.locator('tbody tr:visible th').allInnerTexts();
}

/** The visible cells of a table, without white space. */
function cellsOf(table: Locator): Promise<string[][]> {
  return table.evaluate((element) =>
    [...(element as HTMLTableElement).rows]
      .filter((row) => row.checkVisibility())
      .map(({ cells }) =>
        [...cells]
          .filter((cell) => cell.checkVisibility())
          .map((cell) => (cell.textContent ?? '').replace(/\s/g, '')),
      ),
  );
}

function clipboardOf(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText());
}

describeInBrowser('the controls of the page', (open) => {
  test('a strategy that is not chosen is in no table, chart or failure, and the page says so', async () => {
    const { page, complaints } = await open(html);
    await chartsDrawn(page);
    const before = await shownInChart(page, 'pinned-ratio');
    assert.ok(before.lines.includes('posted-v4') && before.lines.includes('posted-v4, adjusted'));
    await hide(page, 'posted-v4', 'floor');
    assert.equal(
      await page.locator('.filter-note').textContent(),
      '2 of 9 strategies are hidden. Sentences still speak of all.',
    );
    assert.equal(await page.locator('.filter .chosen').textContent(), '7 of 9 strategies, all workloads');
    for (const table of await page.locator('table').all()) {
      const [name] = (await namesIn(table)).filter((text) => /^(posted-v4|floor)\b/.test(text));
      assert.equal(name, undefined);
    }
    assert.equal(await page.locator('.linked[data-strategy="posted-v4"]:visible').count(), 0);
    assert.equal(await page.locator('.linked[data-strategy="merged-4.9"]:visible').count(), 2);
    const { lines, rows } = await shownInChart(page, 'pinned-ratio');
    assert.equal(lines.length, before.lines.length - 4);
    assert.deepEqual(
      lines.filter((label) => /posted-v4|floor/.test(label)),
      [],
    );
    assert.equal(rows.filter((label) => label === '(hidden)').length, 2);
    const processes = await shownInChart(page, 'pinned-ns');
    assert.deepEqual(
      processes.lines.filter((label) => /posted-v4|floor/.test(label)),
      [],
    );
    const curves = await shownInChart(page, 'sweep-entriesPerVcpu-lines');
    assert.equal(curves.lines.length, 7);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test('the A/A row is hidden with the baseline only', async () => {
    const { page } = await open(html);
    const names = () => namesIn(page.locator('#ratio-pinned table'));
    await hide(page, 'pointer-as-tag', 'opaque-tag-hash');
    assert.equal((await names()).filter((name) => /ir-data-pointer/.test(name)).length, 2);
    const cAndV8 = page.locator('#c-and-v8 table').first();
    assert.equal((await namesIn(cAndV8)).filter((name) => /A\/A twin/.test(name)).length, 1);
    await hide(page, 'ir-data-pointer');
    assert.deepEqual(
      [...(await names()), ...(await namesIn(cAndV8))].filter((name) => /ir-data-pointer|A\/A/.test(name)),
      [],
    );
    await page.getByRole('button', { name: 'Show all' }).click();
    assert.equal((await names()).length, 10);
    assert.equal(await page.locator('.filter-note').textContent(), '');
    await page.context().close();
  });

  test('a workload that is not chosen has no article, column or failure', async () => {
    const { page } = await open(html);
    await hide(page, 'beyond-255-vms');
    assert.equal(
      await page.locator('.filter-note').textContent(),
      '1 of 3 workloads is hidden. Sentences still speak of all.',
    );
    assert.ok(await page.locator('#ratio-beyond-255-vms').isHidden());
    assert.ok(await page.locator('#ratio-pinned').isVisible());
    assert.equal(await page.locator('.linked:visible').count(), 0);
    const [head, ...rows] = await cellsOf(page.locator('#oracle table').first());
    assert.deepEqual(head, ['Strategy', 'pinned', 'recorded']);
    for (const row of rows) assert.equal(row.length, 3);
    // A chart that was drawn while it was hidden, and so without a size, gets its size when it is shown.
    await hide(page, 'floor');
    await page.locator('.filter input[value="beyond-255-vms"]').check();
    await page.waitForFunction(
      () => (document.querySelector<HTMLCanvasElement>('#ratio-beyond-255-vms canvas')?.width ?? 0) > 600,
    );
    await page.context().close();
  });

  test('print shows the same strategies as the screen, says which are hidden, and has no bar', async () => {
    const { page } = await open(html, { colorScheme: 'dark' });
    await chartsDrawn(page);
    await hide(page, 'posted-v4');
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    assert.ok(await page.locator('.filter-note').isVisible());
    assert.ok(await page.locator('.filter').isHidden());
    assert.equal(await page.locator('figure img:visible').count(), 0);
    const corner = await page
      .locator('#ratio-pinned .image-box canvas')
      .evaluate((canvas: HTMLCanvasElement) => [
        canvas.width,
        ...(canvas.getContext('2d')?.getImageData(0, 0, 1, 1).data ?? []),
      ]);
    assert.deepEqual(corner, [1350, 0, 0, 0, 0]);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    assert.equal(await page.locator('.image-box canvas').count(), 0);
    await page.context().close();
  });

  test('a head sorts ascending, then descending, then not at all, and keeps the rows intact', async () => {
    const { page, complaints } = await open(html);
    const table = page.locator('#ratio-pinned table');
    const head = table.locator('th', { hasText: 'Ratio' });
    const ratios = async () =>
      (await table.locator('tbody td:nth-child(2):visible').allInnerTexts()).map(Number);
    const original = await cellsOf(table);
    await head.getByRole('button').click();
    assert.equal(await head.getAttribute('aria-sort'), 'ascending');
    const ascending = await ratios();
    assert.equal(ascending.length, 10);
    assert.deepEqual(
      ascending,
      [...ascending].sort((a, b) => a - b),
    );
    await hide(page, 'floor');
    assert.equal((await ratios()).length, 9);
    await head.getByRole('button').click();
    assert.equal(await head.getAttribute('aria-sort'), 'descending');
    await page.getByRole('button', { name: 'Show all' }).click();
    assert.deepEqual(await ratios(), ascending.reverse());
    await head.getByRole('button').click();
    assert.equal(await head.getAttribute('aria-sort'), null);
    assert.deepEqual(await cellsOf(table), original);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test('a column of bytes sorts by bytes, not by unit', async () => {
    const { page } = await open(html);
    const table = page.locator('#accounting table').nth(1);
    await table.getByRole('button', { name: 'pinned' }).click();
    const bytes = await table.locator('tbody td:nth-child(2)').allInnerTexts();
    assert.deepEqual(bytes, [...Array(5).fill('256.0 KiB'), ...Array(4).fill('4.3 MiB')]);
    await page.context().close();
  });

  test('a second head replaces the order of the first, and names sort as names', async () => {
    const { page } = await open(html);
    const table = page.locator('#held table');
    await table.getByRole('button', { name: 'per entry' }).click();
    await table.getByRole('button', { name: 'Strategy' }).click();
    assert.equal(await table.locator('[aria-sort]').count(), 1);
    const names = await namesIn(table);
    assert.deepEqual(
      names,
      [...names].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })),
    );
    await page.context().close();
  });

  test('a copied table parses back to its visible cells', async () => {
    const { page, complaints } = await open(html, { permissions });
    await hide(page, 'posted-v4', 'recorded');
    for (const section of ['oracle', 'ratio-pinned', 'floor', 'accounting']) {
      const box = page.locator(`#${section} .table`).first();
      await box.locator('th button').nth(1).click();
      await box.locator('.actions button').click();
      await box.locator('.actions button', { hasText: 'Copied' }).waitFor();
      assert.equal(await page.locator('[role="status"].unseen').textContent(), 'Copied');
      const rows = csvParseRows(await clipboardOf(page)).map((row) =>
        row.map((cell) => cell.replace(/\s/g, '')),
      );
      assert.deepEqual(rows, await cellsOf(box.locator('table')), section);
    }
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test('the copied text is report.txt', async () => {
    const { page } = await open(html, { permissions });
    await page.getByRole('button', { name: 'Copy text' }).click();
    await page.waitForFunction(() => document.querySelector('#text button')?.textContent === 'Copied');
    assert.equal(await clipboardOf(page), renderText(results));
    await page.context().close();
  });

  test('a selection is copied where the browser gives no clipboard', async () => {
    const { page } = await open(html, {
      permissions,
      before: () => {
        navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'));
      },
    });
    await page.getByRole('button', { name: 'Copy text' }).click();
    await page.waitForFunction(() => document.querySelector('#text button')?.textContent === 'Copied');
    assert.equal(await clipboardOf(page), renderText(results));
    assert.equal(await page.locator('textarea').count(), 0);
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Copied');
    await page.context().close();
  });

  test('a copy that fails says so', async () => {
    const { page, complaints } = await open(html, {
      before: () => {
        Object.defineProperty(navigator, 'clipboard', { value: undefined });
        document.execCommand = () => false;
      },
    });
    await page.getByRole('button', { name: 'Copy text' }).click();
    await page.waitForFunction(() =>
      /^Not copied/.test(document.querySelector('#text button')?.textContent ?? ''),
    );
    assert.match(String(await page.locator('[role="status"].unseen').textContent()), /^Not copied/);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test('a link to a folded or hidden part shows the part, when the page opens and later', async () => {
    const { page, complaints } = await open(html, { hash: '#report-txt' });
    await chartsDrawn(page);
    assert.ok(await page.locator('.plain-text pre').isVisible());
    await hide(page, 'posted-v4');
    await page.evaluate(() => {
      location.hash = 'finding_posted-v4_beyond-255-vms_other-entries_same-bucket_no-tag-compare';
    });
    const counterexample = page.locator('.history').first();
    await counterexample.waitFor({ state: 'visible' });
    assert.equal(await page.locator('.filter-note').textContent(), '');
    const { top, bar } = await page.evaluate(() => ({
      top: document.querySelector('.history')?.getBoundingClientRect().top ?? 0,
      bar: document.querySelector('.filter-bar')?.getBoundingClientRect().bottom ?? 0,
    }));
    assert.ok(top >= bar && top < 720, `${top} beside ${bar}`);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
});
