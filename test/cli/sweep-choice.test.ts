// The axes that a user can name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { benchPlan } from '../../cli/settings.js';
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
