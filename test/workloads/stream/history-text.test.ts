import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOST_PRESETS } from '../../../machine/host.js';
import { UsageError } from '../../../machine/usage-error.js';
import { historyStream, operationsOf } from '../../../workloads/stream/history.js';
import { parseHistory } from '../../../workloads/stream/history-text.js';
import { describeHost, stepsOf } from '../../../workloads/stream/operation-text.js';
import { HEADER_WORDS } from '../../../workloads/stream/stream.js';

const EVERY_FORM = `
# A comment, and an empty line

host iommus=2 hashBits=4
host pointerBytes=4
  1 create VM 1 with vCPU 0
  2 create VMs 2-4 with vCPUs 3-5 each
  3 allocate irqs 0-2 of device 1
  4 route irqs 0-1 to vm 2 vcpu 4, vector 0x30
  5 load vm 2 vcpu 4 on CPU 16777349
  6 interrupt irq 0, 5 times
  7 put vm 2 vcpu 4, blocking
  8 load vm 2 vcpu 4 on CPU 1
  9 put vm 2 vcpu 4, preempted
 10 drain the GA logs of IOMMUs 0-1
 11 unroute irqs 0-1
 12 free irqs 0-2
 13 destroy VMs 2-4
 14 drain the GA log of IOMMU 0
    -> the reader ignores this line
       and this line
`;

test('every form of a step is read, and written as it was', () => {
  const { host, operations } = parseHistory(EVERY_FORM, 'history.txt');
  const steps = [...EVERY_FORM.matchAll(/^ {1,2}\d+ (.*)$/gm)].map(([, step]) => step);
  assert.deepEqual(stepsOf(operations), steps);
  assert.equal(describeHost(host), 'iommus=2 hashBits=4 pointerBytes=4');
});

test('numbers of lines are optional, and so is the host', () => {
  const { host, operations } = parseHistory('create VM 1 with vCPU 0\r\nload vm 1 vcpu 0 on CPU 2\r\n', 'f');
  assert.deepEqual(host, HOST_PRESETS['v6.8']);
  assert.deepEqual(stepsOf(operations), ['create VM 1 with vCPU 0', 'load vm 1 vcpu 0 on CPU 2']);
});

test('verbs are read in any case', () => {
  const lower = EVERY_FORM.replaceAll(/^( *\d+ )(.*)$/gm, (_, number, step) => number + step.toLowerCase());
  const upper = EVERY_FORM.replaceAll(/^( *\d+ )(.*)$/gm, (_, number, step) =>
    `${number}${step.toUpperCase()}`.replace('0X', '0x'),
  );
  const expected = parseHistory(EVERY_FORM, 'f');
  for (const text of [lower, upper]) assert.deepEqual(parseHistory(text, 'f'), expected);
});

test('many operations of one line are read', () => {
  const text =
    'create VM 1 with vCPU 0\nallocate irq 0 of device 0\nroute irq 0 to vm 1 vcpu 0, vector 0x30\n';
  const { operations } = parseHistory(`${text}interrupt irq 0, 300000 times`, 'f');
  assert.equal(operations.length, 300_003);
});

const CREATE = 'create VM 1 with vCPUs 0-1\nallocate irq 0 of device 0\n';

const WRONG: Record<string, [string, RegExp]> = {
  'an empty file': ['', /^f: expected an operation such as ".*", found none$/],
  'a line that is no operation': [`${CREATE}lood vm 1 vcpu 0 on CPU 2`, /^f: line 3: expected an operation/],
  'a parameter that there is not': [`host hashbits=4\n${CREATE}`, /^f: line 1: .*hashbits/i],
  'a host line without values': [`host of mine\n${CREATE}`, /^f: line 1: expected KEY=VALUE, not "of"$/],
  'a parameter out of range': [`host hashBits=40\n${CREATE}`, /^f: line 1: hashBits: /],
  'a VM out of order': [`${CREATE}create VM 3 with vCPU 0`, /^f: line 3: expected VM 2, the next in order$/],
  'an irq out of order': [
    `${CREATE}allocate irq 2 of device 0`,
    /^f: line 3: expected irq 1, the next in order$/,
  ],
  'a vCPU that there is not': [`${CREATE}load vm 1 vcpu 2 on CPU 0`, /^f: line 3: there is no vm 1 vcpu 2$/],
  'a range that runs backwards': ['create VMs 4-1 with vCPU 0', /^f: line 1: expected a range, not 4-1$/],
  'a range without bound': [
    'create VMs 1-99999999999 with vCPU 0',
    /^f: line 1: expected a number up to 1048576, not 99999999999$/,
  ],
  'a CPU beyond its field': [
    `${CREATE}load vm 1 vcpu 0 on CPU 4294967298`,
    /^f: line 3: expected a number up to 2147483646, not 4294967298$/,
  ],
  'a device beyond its field': ['allocate irq 0 of device 4000000000', /^f: line 1: expected a number up to/],
  'a vCPU beyond its field': [
    `${CREATE}load vm 1 vcpu 99999999999999999999 on CPU 0`,
    /^f: line 3: expected a number up to/,
  ],
  'more operations than fit': [
    `${CREATE}interrupt irq 0, 1000000 times\ninterrupt irq 0, 1000000 times`,
    /^f: line 4: expected at most 1048576 operations in all$/,
  ],
  'a product of counts that does not fit': [
    `${CREATE}interrupt irqs 0-1000000, 1000000 times`,
    /^f: line 3: expected at most 1048576 operations in all$/,
  ],
  'more vCPUs than fit': [
    'create VMs 1-1000000 with vCPUs 0-1000000 each',
    /^f: line 1: expected at most 1048576 vCPUs in all$/,
  ],
  'an operation that no host can do': [
    `${CREATE}put vm 1 vcpu 0, blocking`,
    /^f: line 3: no host can do this here: put\(0\) while not running$/,
  ],
  'an IOMMU that there is not': [
    `host iommus=1\n${CREATE}drain the GA log of IOMMU 1`,
    /^f: line 4: no host can do this here: there is no IOMMU 1$/,
  ],
};

for (const [what, [text, message]] of Object.entries(WRONG)) {
  test(`${what} is a usage error that names the line`, () => {
    assert.throws(
      () => parseHistory(text, 'f'),
      (error) => {
        assert.ok(error instanceof UsageError, String(error));
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

test('a history is renumbered after operations were removed from it', () => {
  const { host, operations } = parseHistory(
    `create VMs 1-3 with vCPU 0 each
     allocate irqs 0-2 of device 5
     route irq 2 to vm 3 vcpu 0, vector 0x21
     load vm 3 vcpu 0 on CPU 4`,
    'f',
  );
  const kept = operations.filter(
    ({ name, operand }) => !(name === 'createVm' && operand === 1) && !(name === 'allocIrq' && operand < 2),
  );
  const stream = historyStream({ host, operations: kept });
  assert.deepEqual(stepsOf(operationsOf(stream, HEADER_WORDS, stream.windowStart)), [
    'create VMs 1-2 with vCPU 0 each',
    'allocate irq 0 of device 5',
    'route irq 0 to vm 2 vcpu 0, vector 0x21',
    'load vm 2 vcpu 0 on CPU 4',
  ]);
});

test('an operation whose VM or irq is gone is left out, with the reason', () => {
  const { host, operations } = parseHistory(`${CREATE}route irq 0 to vm 1 vcpu 1, vector 0x21`, 'f');
  const reasons: string[] = [];
  historyStream({ host, operations: operations.slice(1) }, (index, reason) =>
    reasons.push(`${index}: ${reason}`),
  );
  assert.deepEqual(reasons, ['1: there is no such vCPU']);
});
