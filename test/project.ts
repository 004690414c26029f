import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

/** The project's root as seen from a compiled test, dist/test/project.js. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What a run of the command line came to. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line. */
export function gatagBench(
  args: readonly string[],
  cwd: string = ROOT,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, 'dist/cli/cli.js'), ...args], { cwd, env });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

/** What a report leaves in its folder, and a run, in order. */
export const REPORT_ENTRIES = ['charts', 'report-full.txt', 'report.html', 'report.txt', 'results.csv'];
export const RUN_ENTRIES = [...REPORT_ENTRIES, 'results.json'];

/** A folder that goes away with the test. */
export function temporaryFolder(test: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatag-bench-test-'));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
