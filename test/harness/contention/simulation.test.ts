import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordedHost } from '../../../harness/contention/recorded-host.js';
import { type Prices, simulate } from '../../../harness/contention/simulation.js';
import { hostOf, type Step } from './recorded-hosts.js';

const PRICES: Prices = {
  accessNs: 2,
  lockNs: 10,
  entryNs: 7,
  lockTransferNs: 50,
  lineTransferNs: 30,
  waitNs: 1000,
};
const SEED = 1;

/** Simulates the first CPUs of a host for so many threads. */
const run = (host: RecordedHost, threads: number, cpus: number, seed = SEED) =>
  simulate(host, { threads, cpus, prices: PRICES }, seed);

const perSecond = (nsPerOperation: number): number => 1e9 / nsPerOperation;

function isNear(found: number, expected: number, part: number): void {
  assert.ok(Math.abs(found / expected - 1) < part, `${found} is not within ${part} of ${expected}`);
}

/** An operation under a lock of its own, on a line of its own. */
const alone = (line: number): Step[] => [
  ['lock', line],
  ['write', line + 1, 5],
  ['unlock', line],
];

test('one CPU takes what its accesses, locks and entries cost, and no transfer', () => {
  const host = hostOf([
    [
      ['read', 0, 4],
      ['lock', 1],
      ['entry', 2, 4],
      ['unlock', 1],
      ['write', 0, 1],
    ],
  ]);
  const { perSecond: found, busiest } = run(host, 1, 1);
  isNear(found, perSecond(9 * PRICES.accessNs + PRICES.lockNs + PRICES.entryNs), 1e-3);
  assert.equal(busiest?.perUpdate, 1);
  isNear(busiest.utilisation, (10 + 8 + 7) / 35, 1e-2);
  assert.deepEqual([busiest.accesses, busiest.locks, busiest.entries], [4, 1, 1]);
  assert.deepEqual([busiest.lockTransfers, busiest.lineTransfers], [0, 0]);
});

test('CPUs that share nothing do not disturb each other', () => {
  const host = hostOf(Array.from({ length: 64 }, (_, vcpu) => alone(2 * vcpu)));
  const one = run(host, 64, 1).perSecond;
  isNear(run(host, 64, 64).perSecond, 64 * one, 0.02);
});

test('a lock that every operation holds from end to end lets through what one CPU after the other does', () => {
  const operation: Step[] = [
    ['lock', 0],
    ['read', 1, 10],
    ['unlock', 0],
  ];
  const host = hostOf(Array.from({ length: 32 }, () => operation));
  // The line of the lock goes from each holder to the next.
  const held = PRICES.lockNs + 10 * PRICES.accessNs + PRICES.lockTransferNs;
  for (const cpus of [8, 32]) {
    const { perSecond: found, busiest } = run(host, 32, cpus);
    isNear(found, perSecond(held), 0.02);
    assert.ok(busiest !== null && busiest.utilisation > 0.98);
    isNear(busiest.lockTransfers, 1, 0.02);
  }
});

test('a CPU holds its lock through a wait, so a lock lets through one wait after the other', () => {
  const host = hostOf(
    Array.from({ length: 32 }, (_, vcpu): Step[] => [
      ['entry', vcpu + 1, 4],
      ['lock', 0],
      ['wait', 0, 1],
      ['unlock', 0],
    ]),
  );
  const held = PRICES.lockNs + PRICES.accessNs + PRICES.waitNs + PRICES.lockTransferNs;
  const { entriesPerSecond, busiest } = run(host, 32, 32);
  isNear(entriesPerSecond, perSecond(held), 0.02);
  assert.ok(busiest !== null && busiest.utilisation > 0.98);
});

test('a line that two CPUs write is fetched for each write, and one that they only read is not', () => {
  const writing = hostOf(
    Array.from({ length: 2 }, (): Step[] => [
      ['write', 0, 1],
      ['read', 1, 20],
    ]),
  );
  const reading = hostOf(
    Array.from({ length: 2 }, (): Step[] => [
      ['read', 0, 1],
      ['read', 1, 20],
    ]),
  );
  const ns = 21 * PRICES.accessNs;
  isNear(run(reading, 2, 2).perSecond, 2 * perSecond(ns), 0.01);
  isNear(run(writing, 2, 2).perSecond, 2 * perSecond(ns + PRICES.lineTransferNs), 0.05);
});

test('a lock that another CPU had comes from there, at a price of its own', () => {
  const operation: Step[] = [
    ['lock', 0],
    ['unlock', 0],
    ['read', 1, 200],
  ];
  const { perSecond: found, lockTransfers, lineTransfers } = run(hostOf([operation, operation]), 2, 2);
  isNear(found, 2 * perSecond(PRICES.lockNs + 200 * PRICES.accessNs + PRICES.lockTransferNs), 0.02);
  isNear(lockTransfers, 1, 0.02);
  assert.equal(lineTransfers, 0);
});

test('a line that a CPU has read, and others too, is written at half the price', () => {
  const host = hostOf(
    Array.from({ length: 2 }, (): Step[] => [
      ['read', 0, 1],
      ['write', 0, 1],
      ['read', 1, 20],
    ]),
  );
  const ns = 22 * PRICES.accessNs + 1.5 * PRICES.lineTransferNs;
  isNear(run(host, 2, 2).perSecond, 2 * perSecond(ns), 0.05);
});

test('of all locks those of the name that is busiest on average are told, with their number', () => {
  const operation = (short: number): Step[] => [
    ['lock', 0],
    ['read', 3, 5],
    ['unlock', 0],
    ['lock', short],
    ['read', 3, 8],
    ['unlock', short],
  ];
  // One of the two others is held for longer, but each of them by half of the operations.
  const host = hostOf([operation(1), operation(2)], (line) => (line === 0 ? 'held' : 'short'));
  const { busiest } = run(host, 1, 1);
  assert.deepEqual([busiest?.name, busiest?.count, busiest?.perUpdate], ['held', 1, 1]);
});

test('locks that are taken in opposite orders end the simulation with an error', () => {
  const crossing = (first: number, second: number): Step[] => [
    ['lock', first],
    ['read', 4, 50],
    ['lock', second],
    ['unlock', second],
    ['unlock', first],
  ];
  assert.throws(() => run(hostOf([crossing(0, 1), crossing(1, 0)]), 2, 2), /all CPUs wait for a lock/);
});

test('the same seed gives the same figures', () => {
  const host = hostOf(
    Array.from({ length: 15 }, (_, vcpu): Step[] => [
      ...alone(2 * vcpu + 2),
      ['read', 1, vcpu],
      ['write', 0, 1],
    ]),
  );
  assert.deepEqual(run(host, 3, 3, 1), run(host, 3, 3, 1));
  assert.notEqual(run(host, 3, 3, 1).perSecond, run(host, 3, 3, 2).perSecond);
});
