import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { whatIfData } from '../../../reports/figures/what-if-data.js';
import { ceilingRow, usualWhatIf, whatIfRow } from '../../../reports/figures/what-if-model.js';
import { describeInBrowser, pageOf } from '../browser.js';
import { syntheticResults } from '../synthetic-results.js';

const results = syntheticResults();
const [host] = results.sweeps;
assert.ok(host);
results.sweeps.push(...[1, 8].map((value) => ({ ...host, axis: 'iommus' as const, value })));
const html = pageOf(results);
const data = whatIfData(results);
assert.ok(data);
const [, , , hash] = data.designs;
assert.ok(hash);

function rowOf(page: Page): Promise<string[]> {
  return page.locator('#what-if-load tr[data-strategy="opaque-tag-hash"] td').allTextContents();
}

/** The drawn curve of a strategy. */
function curveOf(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('#what-if canvas');
    const { Chart } = window as unknown as { Chart: typeof import('chart.js').Chart };
    const chart = canvas === null ? undefined : Chart.getChart(canvas);
    const dataset = chart?.data.datasets.find(({ label }) => label === 'opaque-tag-hash');
    return ((dataset?.data ?? []) as { y: number }[]).map(({ y }) => y);
  });
}

describeInBrowser('the what-if', (open) => {
  test('a number changes the table, the curve and the address, and the address restores it', async () => {
    const { page, complaints } = await open(html);
    const usual = usualWhatIf(data);
    assert.deepEqual(await rowOf(page), whatIfRow(hash, usual, data));
    const before = await curveOf(page);
    await page.locator('#what-if input[name="line"]').fill('80');
    await page.locator('#what-if input[name="flushes"]').fill('1');
    const expected = whatIfRow(hash, { ...usual, line: 80, flushes: 1 }, data);
    assert.deepEqual(await rowOf(page), expected);
    const after = await curveOf(page);
    assert.equal(after.length, before.length);
    assert.notDeepEqual(after, before);
    const { hash: address } = new URL(page.url());
    assert.equal(address, '#what-if?flushes=1&line=80');
    const { page: linked } = await open(html, { hash: address });
    assert.deepEqual(await rowOf(linked), expected);
    assert.deepEqual(await curveOf(linked), after);
    assert.equal(await linked.locator('#what-if input[name="line"]').inputValue(), '80');
    await linked.locator('#what-if button[type="reset"]').click();
    assert.deepEqual(await rowOf(linked), whatIfRow(hash, usual, data));
    assert.deepEqual(await curveOf(linked), before);
    assert.equal(new URL(linked.url()).hash, '#what-if');
    assert.deepEqual(complaints, []);
    await linked.context().close();
    await page.context().close();
  });

  test('a number that is missing or out of bounds changes nothing, and a message says so', async () => {
    const { page, complaints } = await open(html);
    const before = await rowOf(page);
    for (const text of ['', '-1', '1e12']) {
      await page.locator('#what-if input[name="lock"]').fill(text);
      assert.deepEqual(await rowOf(page), before, text);
      assert.match(await page.locator('#what-if output').innerText(), /nothing was changed/);
    }
    await page.locator('#what-if input[name="lock"]').fill('20');
    assert.equal(await page.locator('#what-if output').innerText(), '');
    assert.notDeepEqual(await rowOf(page), before);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  test('the ceiling follows the cost of a line from another CPU, the number of vCPUs and their rate', async () => {
    const { page, complaints } = await open(html);
    const { ceiling } = data;
    assert.ok(ceiling);
    const lock = ceiling.locks.find(({ strategy }) => strategy === 'opaque-tag-hash')?.lock ?? null;
    const ceilingOf = (shown: Page) =>
      shown.locator('#what-if-ceiling tr[data-strategy="opaque-tag-hash"] td').allTextContents();
    const usual = usualWhatIf(data);
    assert.deepEqual(await ceilingOf(page), ceilingRow(lock, usual, ceiling));
    const before = await rowOf(page);
    await page.locator('#what-if input[name="transfer"]').fill('120');
    await page.locator('#what-if input[name="vcpus"]').fill('1000');
    assert.deepEqual(await rowOf(page), before);
    await page.locator('#what-if input[name="rate"]').fill('500');
    const expected = ceilingRow(lock, { ...usual, transfer: 120, vcpus: 1000, rate: 500 }, ceiling);
    assert.deepEqual(await ceilingOf(page), expected);
    const { hash: address } = new URL(page.url());
    assert.equal(address, '#what-if?rate=500&vcpus=1000&transfer=120');
    const { page: linked } = await open(html, { hash: address });
    assert.deepEqual(await ceilingOf(linked), expected);
    assert.deepEqual(complaints, []);
    await linked.context().close();
    await page.context().close();
  });

  test("without scripts there is no form, and the table has the report's own unit costs", async () => {
    const { page } = await open(html, { javaScriptEnabled: false });
    assert.ok(await page.locator('#what-if form').isHidden());
    assert.deepEqual(await rowOf(page), whatIfRow(hash, usualWhatIf(data), data));
    assert.ok(await page.locator('#what-if-ceiling').isVisible());
    await page.context().close();
  });
});
