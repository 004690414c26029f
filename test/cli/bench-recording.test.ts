import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { nativeCompiler } from '../../harness/native/compile.js';
import { resultsSchema } from '../../harness/results/results.js';
import { gatagBench, ROOT, temporaryFolder } from '../project.js';

const lines = (events: readonly string[]): string =>
  events
    .map(
      (event, index) =>
        ` qemu-system-x86-${event.replace(' ', ` [001] d....  700.${String(index + 1).padStart(6, '0')}: `)}\n`,
    )
    .join('');
/** Two vCPUs that enter the guest and halt. */
const SCHEDULE = Array.from({ length: 40 }, (_, index) => [
  `${6001 + (index % 2)} kvm_entry: vcpu ${index % 2}, rip 0x0`,
  `${6001 + (index % 2)} kvm_exit: reason hlt rip 0x0`,
]).flat();
const irte = (irq: number, vcpu: number, vector: number): string =>
  `6000 kvm_pi_irte_update: PI is enabled and being updated for irq ${irq}, vcpu ${vcpu}, gsi: 0x18, gvec: 0x${vector}, pi_desc_addr: 0x0`;

const RECORDINGS = {
  'kvm_entry and kvm_exit alone': lines(SCHEDULE),
  kvm_pi_irte_update: lines([
    irte(60, 0, 31),
    ...SCHEDULE.slice(0, 60),
    irte(60, 1, 32),
    irte(61, 1, 33),
    ...SCHEDULE.slice(60),
  ]),
};

// A run without a compiler times V8.
const LANES = (await nativeCompiler()).reason === null ? ['c', 'v8'] : ['v8'];

for (const [what, text] of Object.entries(RECORDINGS)) {
  for (const lane of LANES) {
    test(`a recording of ${what} is judged, and timed in ${lane}`, async (t) => {
      const folder = temporaryFolder(t);
      const file = join(folder, 'trace.txt');
      const out = join(folder, 'out');
      writeFileSync(file, `${text}unknown\n`);
      const small = ['--strategy', 'merged-6.17', '--processes', '1', '--rounds', '2', '--out', out];
      const { status, stderr } = await gatagBench(
        ['bench', '--workload', 'recorded', '--trace', file, ...small],
        ROOT,
        lane === 'c' ? process.env : { ...process.env, PATH: folder },
      );
      assert.equal(status, 0, stderr);
      assert.match(stderr, /^warning: Malformed lines, skipped: 1\. The first is line \d+: unknown$/m);
      const { cells, workloads } = resultsSchema.parse(
        JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')),
      );
      const [cell] = cells;
      assert.ok(cell?.timing);
      assert.ok(cell.checks.every(({ findings, operations }) => findings.length === 0 && operations > 100));
      assert.ok(cell.timing.series.every((series) => series.lane === lane));
      const counts = workloads[0]?.recording?.counts ?? {};
      assert.equal(counts.replayedIrteUpdates, what.startsWith('kvm_pi') ? 3 : 0);
      const html = readFileSync(join(out, 'report.html'), 'utf8');
      assert.match(html, /It is read from kvm_entry and kvm_exit/);
      assert.equal(
        html.includes('up to 2 IRTEs for one vCPU, and 2 vCPUs with any'),
        counts.replayedIrteUpdates === 3,
      );
    });
  }
}
