import assert from 'node:assert/strict';
import { register } from 'node:module';
import { test } from 'node:test';
import { calibrate } from '../../../harness/calibration/calibrate.js';
import { SILENT } from '../../../harness/plan/run-plan.js';
import { leftOutText } from '../../../harness/results/calibration.js';
import { renderCalibration } from '../../../reports/text/calibration.js';

/** A module loader in which mitata is not installed. */
const WITHOUT_MITATA = `export function resolve(specifier, context, next) {
  if (specifier === 'mitata') throw Object.assign(new Error('none'), { code: 'ERR_MODULE_NOT_FOUND' });
  return next(specifier, context);
}`;

test('without mitata a calibration leaves that comparison out, with one line on stderr and in the report', async () => {
  register(`data:text/javascript,${encodeURIComponent(WITHOUT_MITATA)}`);
  const plan = { trials: 1, seed: 1, processes: { v8: 1, c: 0 }, rounds: 1, overheadProcesses: 1 };
  const notes: string[] = [];
  const calibration = await calibrate(plan, { ...SILENT, note: (line) => notes.push(line) });
  const line = 'mitata is not installed, so the comparison with it is left out';
  assert.equal(leftOutText('mitata'), line);
  assert.deepEqual(notes, [line]);
  assert.deepEqual(calibration.tools, ['tinybench']);
  assert.deepEqual(Object.keys(calibration.trials[0]?.tools ?? {}), ['tinybench']);
  const text = renderCalibration(calibration);
  assert.deepEqual(
    text.split('\n').filter((row) => row.includes('mitata')),
    [`${line}.`],
  );
  // The table has a figure of tinybench, and nothing after it.
  assert.match(text, /^injected {2}interval {2}verdict {2}among \d+ {2}tinybench alone$/m);
});
