import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  fitLocalPrices,
  fitTransferPrices,
  pricesOf,
  type TransferPrices,
} from '../../../harness/contention/prices.js';
import type { SimulationResult } from '../../../harness/contention/simulation.js';

const work = (accesses: number, locks: number, entries: number) => ({ accesses, locks, entries });
const WORKS = [work(64, 10, 2), work(54, 3, 2), work(22, 2, 2)];

test('prices that made the times are found again', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.1, max: 5, noNaN: true }),
      fc.double({ min: 1, max: 50, noNaN: true }),
      (accessNs, atomicNs) => {
        const times = WORKS.map((done) => ({
          work: done,
          ns: done.accesses * accessNs + (done.locks + done.entries) * atomicNs,
        }));
        const fitted = fitLocalPrices('c', times);
        assert.ok(Math.abs(fitted.accessNs / accessNs - 1) < 1e-6);
        assert.ok(Math.abs(fitted.atomicNs / atomicNs - 1) < 1e-6);
      },
    ),
  );
});

test('in V8 a live entry is no locked instruction', () => {
  const times = WORKS.map((done) => ({ work: done, ns: done.accesses * 2 + done.locks * 30 }));
  const { accessNs, atomicNs } = fitLocalPrices('v8', times);
  assert.ok(Math.abs(accessNs - 2) < 1e-6 && Math.abs(atomicNs - 30) < 1e-6);
  const prices = { accessNs, atomicNs, lockTransferNs: 50, lineTransferNs: 20 };
  assert.equal(pricesOf({ lane: 'v8', ...prices }).entryNs, 0);
  assert.equal(pricesOf({ lane: 'c', ...prices }).entryNs, atomicNs);
});

test('no price is negative', () => {
  // The more locks, the faster; and the more accesses.
  const [many, few] = [work(60, 10, 0), work(50, 3, 0)];
  const fewLocks = fitLocalPrices('c', [
    { work: many, ns: 50 },
    { work: few, ns: 100 },
  ]);
  assert.equal(fewLocks.atomicNs, 0);
  assert.ok(fewLocks.accessNs > 0);
  const fewAccesses = fitLocalPrices('c', [
    { work: work(100, 5, 0), ns: 60 },
    { work: work(20, 5, 0), ns: 70 },
  ]);
  assert.equal(fewAccesses.accessNs, 0);
  assert.ok(fewAccesses.atomicNs > 0);
});

test('one strategy, or several that do the same, are priced by their accesses', () => {
  const one = { work: WORKS[0] as (typeof WORKS)[0], ns: 128 };
  for (const times of [[one], [one, one]]) {
    assert.deepEqual(fitLocalPrices('c', times), { accessNs: 2, atomicNs: 0 });
  }
  assert.deepEqual(fitLocalPrices('c', [{ work: work(10, 0, 0), ns: 30 }]), { accessNs: 3, atomicNs: 0 });
});

/** What a simulation comes to that is nothing but its transfers. */
function simulated(ns: number, lockTransfers: number, lineTransfers: number) {
  return (prices: TransferPrices): SimulationResult => ({
    entriesPerSecond: 0,
    perSecond: 2e9 / (ns + lockTransfers * prices.lockTransferNs + lineTransfers * prices.lineTransferNs),
    lockTransfers,
    lineTransfers,
    busiest: null,
  });
}

test('prices of transfers that made the times of several threads are found again', async () => {
  const truth = { lockTransferNs: 129, lineTransferNs: 15 };
  const simulations = [simulated(75, 8.5, 0.8), simulated(35, 0.7, 0.8), simulated(25, 0.5, 0.75)];
  const measured = simulations.map((at) => ({ threads: 2, perSecond: at(truth).perSecond }));
  const fitted = await fitTransferPrices(measured, async (prices) => simulations.map((at) => at(prices)));
  assert.ok(Math.abs(fitted.lockTransferNs - truth.lockTransferNs) < 1e-6, JSON.stringify(fitted));
  assert.ok(Math.abs(fitted.lineTransferNs - truth.lineTransferNs) < 1e-6, JSON.stringify(fitted));
});

test('a simulation that failed takes no part in the prices', async () => {
  const [known, failed] = [simulated(75, 8.5, 0), { threads: 2, perSecond: 1 }];
  const measured = [
    { threads: 2, perSecond: known({ lockTransferNs: 40, lineTransferNs: 0 }).perSecond },
    failed,
  ];
  const fitted = await fitTransferPrices(measured, async (prices) => [known(prices), null]);
  assert.ok(Math.abs(fitted.lockTransferNs - 40) < 1e-6);
  assert.equal(fitted.lineTransferNs, 0);
});
