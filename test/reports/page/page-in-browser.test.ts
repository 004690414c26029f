import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import { csvParseRows } from 'd3-dsv';
import type { Page } from 'playwright-core';
import type { Results } from '../../../harness/results/results.js';
import { renderHtml } from '../../../reports/html/render-html.js';
import { describeInBrowser } from '../browser.js';
import { fullResults } from '../full-results.js';
import { hostileResults } from '../hostile-results.js';
import { syntheticResults } from '../synthetic-results.js';

const full = fullResults();
const html = renderHtml(full);
const axeSource = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const TABS = ['summary', 'cost', 'why', 'correctness', 'scaling', 'what-if', 'trust', 'setup'];

/** The violations that axe finds, with their elements. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const { violations: all } = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return all.flatMap(({ id, impact, nodes }) => nodes.map((node) => `${impact} ${id}: ${node.html}`));
}

const heightOf = (page: Page) => page.evaluate(() => document.body.scrollHeight);
const hashOf = (page: Page) => page.evaluate(() => location.hash);

describeInBrowser('the page in a browser', (open) => {
  // Colours and widths do not depend on each other.
  for (const [colorScheme, width, front, other] of [
    ['light', 1280, 2200, 1400],
    ['light', 390, 4500, 2600],
    ['dark', 1280, 2200, 1400],
  ] as const) {
    test(`${colorScheme}, ${width} pixels: tabs keep their height, nothing is loaded, nothing scrolls sideways, axe finds nothing`, async () => {
      const { page, complaints } = await open(html, { colorScheme, viewport: { width, height: 900 } });
      for (const tab of TABS) {
        await page.locator(`nav a[href="#${tab}"]`).click();
        assert.equal(await page.locator('.tab:visible').count(), 1);
        assert.ok(await page.locator(`#${tab}`).isVisible());
        const height = await heightOf(page);
        assert.ok(height <= (tab === 'summary' ? front : other), `${tab}: ${height} pixels`);
        const scrolls = await page.evaluate(() => document.scrollingElement?.scrollWidth ?? Infinity);
        assert.ok(scrolls <= width, `${tab}: ${scrolls} pixels wide`);
        assert.deepEqual(await violations(page), [], tab);
      }
      assert.deepEqual(complaints, []);
      await page.context().close();
    });
  }

  test('without scripts the page is complete in plain sections, and at most 12,000 pixels tall', async () => {
    const { page } = await open(html, { javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
    for (const tab of TABS) assert.ok(await page.locator(`#${tab} > h2`).isVisible(), tab);
    const box = await page.locator('body').boundingBox();
    assert.ok(box !== null && box.height <= 12_000, `${box?.height}`);
    assert.equal(await page.locator('.settings').isVisible(), false);
    assert.equal(await page.locator('#what-if-form').isVisible(), false);
    await page.context().close();
  });

  test('print has the summary and the trust', async () => {
    const { page } = await open(html);
    await page.emulateMedia({ media: 'print' });
    const shown = await Promise.all(TABS.map((tab) => page.locator(`#${tab}`).isVisible()));
    assert.deepEqual(
      TABS.filter((_, index) => shown[index]),
      ['summary', 'trust'],
    );
    await page.context().close();
  });

  test('a link of evidence opens its tab and its choice, and marks the very number', async () => {
    const { page, complaints } = await open(html, { viewport: { width: 1280, height: 900 } });
    await page.locator('#q-one-value summary').first().click();
    await page.locator('#q-one-value .evidence a').first().click();
    const cell = page.locator('#pair_wide-vm-id-hash_opaque-tag-hash');
    assert.ok(await cell.isVisible());
    assert.ok(await cell.evaluate((element) => element.classList.contains('marked')));
    const box = await cell.boundingBox();
    assert.ok(box !== null && box.y > 40 && box.y < 860);
    // A workload that is not chosen is chosen by a link to one of its times.
    await page.evaluate(() => {
      location.hash = '#t_c_overcommit_floor';
    });
    await page.locator('#t_c_overcommit_floor.marked').waitFor();
    assert.equal(await page.locator('#times-choice select').first().inputValue(), 'overcommit');
    assert.ok(!(await cell.evaluate((element) => element.classList.contains('marked'))));
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test('what is chosen is in the address, and the address chooses it again', async () => {
    const { page } = await open(html, { hash: '#cost' });
    await page.locator('#times-choice select').first().selectOption('recorded');
    await page.locator('#times-choice select').nth(1).selectOption('V8');
    assert.equal(await hashOf(page), '#cost?workload=recorded&language=V8');
    assert.ok(await page.locator('#times-v8-recorded').isVisible());
    await page.locator('.settings summary').click();
    await page.locator('.settings select[name="baseline"]').selectOption('opaque-tag-hash');
    await page.locator('.settings input[value="floor"]').uncheck();
    const { hash } = new URL(page.url());
    assert.match(hash, /baseline=opaque-tag-hash/);
    const { page: again } = await open(html, { hash });
    assert.ok(await again.locator('#times-v8-recorded').isVisible());
    assert.equal(await again.locator('#times-v8-recorded tr[data-strategy="floor"]').isVisible(), false);
    assert.match(await again.locator('#t_v8_recorded_ir-data-pointer').innerText(), /^0\.45\dx \[/);
    assert.equal(await again.locator('#t_v8_recorded_opaque-tag-hash').innerText(), '1');
    await page.context().close();
    await again.context().close();
  });

  test('a language in which a workload was not timed cannot be chosen, and an address that cannot be read shows the summary', async () => {
    const { page, complaints } = await open(html, { hash: '#%E0%A4' });
    assert.ok(await page.locator('#summary').isVisible());
    await page.locator('nav a[href="#cost"]').click();
    const [workload, language] = [0, 1].map((index) => page.locator('#times-choice select').nth(index));
    const isOff = async (cell: Results['cells'][number] | undefined) => {
      await workload?.selectOption(cell?.workload ?? '');
      return language?.locator('option[value="V8"]').isDisabled();
    };
    const hasV8 = ({ timing }: Results['cells'][number]) => timing.series.some(({ lane }) => lane === 'v8');
    assert.deepEqual(
      [await isOff(full.cells.find(hasV8)), await isOff(full.cells.find((cell) => !hasV8(cell)))],
      [false, true],
    );
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test('the baseline changes the ratios and what goes with them, and a row stays while one of its strategies is chosen', async () => {
    const { page } = await open(html, { hash: '#cost?baseline=floor' });
    const row = page.locator('#times-c-pinned tr[data-strategy="opaque-tag-hash"]');
    assert.match(
      (await row.locator('td').allInnerTexts()).join(' '),
      /^91\.\d ±\S+ \d\.\d+x \[\S+ \S+\] - - - right$/,
    );
    assert.match(await page.locator('#times-c-pinned caption').innerText(), /time of floor/);
    await page.evaluate(() => {
      location.hash = '#cost?strategies=pointer-array,floor,unknown';
    });
    await page.locator('#times-c-pinned caption', { hasText: 'time of ir-data-pointer' }).waitFor();
    assert.match((await row.locator('td').allInnerTexts()).join(' '), /slower/);
    assert.equal(
      await page.locator('#times-c-pinned tr[data-strategy="ir-data-pointer"]').isVisible(),
      false,
    );
    await page.locator('nav a[href="#summary"]').click();
    assert.ok(await page.locator('#front-table tr[data-strategy^="ir-data-pointer "]').isVisible());
    await page.context().close();
  });

  test("two fields say whether the bugs of the posted patch show on the reader's host", async () => {
    const { page } = await open(html);
    const output = page.locator('#conditions-form output');
    assert.match(await output.innerText(), /does not show/);
    await page.locator('#conditions-form input').first().fill('300');
    assert.match(
      await output.innerText(),
      /\(vm 4, vcpu 15\) and \(vm 116, vcpu 0\) share a bucket\. VM 257 .* wakes another VM or none/,
    );
    await page.locator('#conditions-form input').nth(1).fill('');
    assert.match(await output.innerText(), /^Enter whole numbers: /);
    assert.match(await hashOf(page), /creations=300/);
    await page.context().close();
  });

  test("the what-if computes with the reader's numbers, keeps them in the address, and resets them", async () => {
    const { page } = await open(html, { hash: '#what-if?flush=2000&flushes=1' });
    assert.equal(await page.locator('#what-if-form [name="flush"]').inputValue(), '2000');
    const result = page.locator('#what-if-section .columns p');
    const before = await result.innerText();
    const drawn = await page.locator('figure[data-chart="what-if"] svg').innerHTML();
    await page.locator('#what-if-form [name="iommus"]').fill('1');
    assert.notEqual(await result.innerText(), before);
    assert.match(await hashOf(page), /iommus=1/);
    assert.notEqual(await page.locator('figure[data-chart="what-if"] svg').innerHTML(), drawn);
    await page.locator('#what-if-form [name="iommus"]').fill('-1');
    assert.match(await page.locator('#what-if-form output').innerText(), /out of bounds/);
    await page.locator('#what-if-form button').click();
    assert.equal(await hashOf(page), '#what-if');
    await page.context().close();
  });

  test('a table sorts by a column, and is copied as CSV as it is shown', async () => {
    const { page } = await open(html, { hash: '#cost', permissions: ['clipboard-read', 'clipboard-write'] });
    const table = page.locator('#times-c-pinned');
    await table.locator('th button', { hasText: /^ns$/ }).click();
    const names = await table.locator('tbody th').allInnerTexts();
    assert.deepEqual([names[0], names.at(-1)], ['floor', 'A/A control']);
    await table.locator('th button', { hasText: /^strategy$/ }).click();
    const sorted = await table.locator('tbody th').allInnerTexts();
    assert.deepEqual(sorted.slice(0, 2), ['A/A control', 'bucket-lock-hash']);
    await table.locator('th button', { hasText: /^ns$/ }).click();
    await table.locator('.actions button').click();
    await page.waitForFunction(() =>
      /Copied/.test(document.querySelector('#times-c-pinned .actions')?.textContent ?? ''),
    );
    const rows = csvParseRows(await page.evaluate(() => navigator.clipboard.readText()));
    assert.equal(rows[1]?.[0], 'floor');
    assert.equal(rows.length, names.length + 1);
    await page.context().close();
  });

  test('the first tab stop is a link that skips the contents', async () => {
    const { page } = await open(html);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to the results');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'MAIN');
    await page.context().close();
  });

  test('nothing untrusted runs', async () => {
    const payload = `"'><img src=x onerror=alert(1)></script><script>alert(2)</script>`;
    const { page, complaints } = await open(renderHtml(hostileResults(syntheticResults(), payload)));
    for (const tab of TABS) await page.locator(`nav a[href="#${tab}"]`).click();
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
});
