// The axes that a user can name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { benchPlan } from '../../cli/settings.js';
import { BASELINE, DECOMPOSITION, SINGLE_UPDATES } from '../../harness/method.js';
import { UsageError } from '../../machine/usage-error.js';
import { SWEEP_POINTS } from '../../workloads/sweep.js';
import { SWEEP_AXIS_NAMES } from '../../workloads/sweep-axes.js';

test('every axis can be named, and has its hosts and no others', async () => {
  for (const axis of SWEEP_AXIS_NAMES) {
    const { points, workloads } = await benchPlan({ sweep: [axis] });
    assert.ok(points.length > 1, axis);
    assert.ok(points.every((point) => point.axis === axis));
    assert.deepEqual(workloads, []);
  }
});

test('all axes together are all hosts', async () => {
  assert.deepEqual((await benchPlan({ sweep: ['all'] })).points, SWEEP_POINTS);
});

test('the default and the full suite decompose an update, and the quick one does not', () => {
  for (const suite of ['default', 'full'] as const) {
    assert.equal(benchPlan({ suite }).decomposition?.workload.id, DECOMPOSITION.workload);
  }
  assert.equal(benchPlan({ suite: 'quick' }).decomposition, null);
});

test('an update is decomposed only if all of its strategies take part', () => {
  const [, ...others] = DECOMPOSITION.strategies;
  assert.equal(benchPlan({ strategy: [...others] }).decomposition, null);
  assert.notEqual(benchPlan({ strategy: ['built-in'] }).decomposition, null);
  // The baseline takes part without being named.
  assert.notEqual(
    benchPlan({ strategy: DECOMPOSITION.strategies.filter((id) => id !== BASELINE) }).decomposition,
    null,
  );
  assert.throws(
    () => benchPlan({ sweep: ['decomposition'], strategy: [...others] }),
    (error) =>
      error instanceof UsageError && error.message.includes('needs the strategies opaque-tag-hash too'),
  );
});

test('the decomposition can be run alone, or left out with named workloads', () => {
  const { decomposition, workloads, points, threads } = benchPlan({
    sweep: ['decomposition'],
    set: { vms: 4 },
  });
  assert.deepEqual([workloads, points, threads], [[], [], null]);
  assert.equal(decomposition?.parameters.vms, 4);
  assert.equal(benchPlan({ workload: ['pinned'] }).decomposition, null);
  assert.equal(benchPlan({ sweep: ['iommus'] }).decomposition, null);
  assert.notEqual(benchPlan({ sweep: ['all'] }).decomposition, null);
});

test('--processes counts those in C; V8 beside them has no more than a verdict needs, and alone as many', () => {
  assert.deepEqual(benchPlan({ processes: 30 }).processes, { c: 30, v8: 5, alone: 30 });
  assert.deepEqual(benchPlan({ processes: 2 }).processes, { c: 2, v8: 2, alone: 2 });
});

test('single updates belong to a whole run that is not quick, in at most as many processes as are asked for', () => {
  const ofChoice = (choice: Parameters<typeof benchPlan>[0]) => benchPlan(choice).singleUpdates;
  assert.equal(ofChoice({ suite: 'default' }), SINGLE_UPDATES.processes.default);
  assert.equal(ofChoice({ suite: 'full', processes: 2 }), 2);
  assert.equal(ofChoice({ suite: 'quick' }), 0);
  assert.equal(ofChoice({ workload: ['pinned'] }), 0);
  assert.equal(ofChoice({ sweep: ['iommus'] }), 0);
});
