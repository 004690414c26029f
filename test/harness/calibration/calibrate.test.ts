import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calibrate } from '../../../harness/calibration/calibrate.js';
import { nativeCompiler } from '../../../harness/native/compile.js';
import { CheckedMemory } from '../../../harness/oracle/memory/checked-memory.js';
import { ObservedMemory } from '../../../harness/oracle/memory/observed-memory.js';
import { SILENT } from '../../../harness/plan/run-plan.js';
import { importStrategy } from '../../../harness/process/child-main.js';
import { checkHistories } from '../../../harness/verify/histories/history-check.js';
import { boundsOf, historiesWithin } from '../../../harness/verify/histories/history-generator.js';
import { renderCalibration } from '../../../reports/text/calibration.js';

const slowedUrl = (percent: number): string =>
  new URL(`../../../harness/calibration/slowed.js?percent=${percent}`, import.meta.url).href;

test('in a calibration every process ends as it must, and the work put in is counted', async (t) => {
  const plan = { trials: 2, seed: 1, processes: { v8: 1, c: 2 }, rounds: 2, overheadProcesses: 1 };
  let steps = 0;
  const calibration = await calibrate(plan, { ...SILENT, advance: () => steps++ });
  assert.equal(steps, 3);
  // A load and a put write 100 entries. Their other work is 28 of 3,428 accesses, 0.8%. The odd entry more is the put's, which
  // makes 33 accesses for an entry instead of 35.
  for (const { percent, counted } of calibration.injected) {
    assert.ok(counted <= percent && counted >= 0.98 * percent, `${percent}: ${counted}`);
  }
  const [trial, other] = calibration.trials;
  const lanes = (await nativeCompiler()).version === null ? ['v8'] : ['v8', 'c'];
  assert.deepEqual(Object.keys(trial?.lanes ?? {}), lanes);
  assert.equal(trial?.series.length, (lanes.length === 1 ? 1 : 1 + 2) * 5);
  assert.notEqual(trial?.series[0]?.heapSeed, other?.series[0]?.heapSeed);
  for (const { slowed } of Object.values(trial?.lanes ?? {})) {
    assert.deepEqual(
      slowed.map(({ percent }) => percent),
      [3, 5, 10],
    );
  }
  assert.deepEqual(
    calibration.overheads.map(({ strategy }) => strategy),
    ['ir-data-pointer', 'floor'],
  );
  await t.test('its text has a row for each percentage, and fits a mail', () => {
    const text = renderCalibration(calibration);
    for (const line of text.split('\n')) assert.ok(line.length <= 75, line);
    for (const name of ['none', '3%', '5%', '10%']) {
      assert.equal(
        text.split('\n').filter((line) => line.startsWith(`${name} `)).length,
        2 * lanes.length,
        name,
      );
    }
    assert.match(text, /of 2 trials/);
  });
});

test('a slowed strategy is right, and its work is all in the modelled memory', async () => {
  const memory = new CheckedMemory(new ObservedMemory(1 << 26));
  for (const percent of [0, 5, 10]) {
    const strategy = await importStrategy(slowedUrl(percent));
    const second = await importStrategy(`${slowedUrl(percent)}&second`);
    const draw = { count: 100, seed: 5, fixed: {} };
    const within = historiesWithin(boundsOf(strategy.limits), draw);
    const { findings } = checkHistories(
      { within, beyond: [] },
      { strategy, second, memory, judgeAgain: () => assert.fail('it does not end') },
    );
    assert.deepEqual(findings, [], strategy.id);
  }
});
