import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Results } from '../results/results.js';
import { runSystemTool } from './system-tool.js';

/** The project's root; the build puts this module three folders below it. */
const ROOT = new URL('../../../', import.meta.url);

/** Version of the package, and the git revision of its checkout with "+changes" where it is not clean. */
export async function toolVersion(): Promise<Results['tool']> {
  const manifest = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { version: string };
  return { version: manifest.version, revision: await gitRevision() };
}

async function gitRevision(): Promise<string | null> {
  // Another git may hold the lock of the index.
  const git = (...words: string[]) =>
    runSystemTool('git', ['--no-optional-locks', ...words], { cwd: fileURLToPath(ROOT) });
  const revision = await git('rev-parse', '--short=12', 'HEAD');
  const changes = await git('status', '--porcelain');
  if (revision.failure !== null || changes.failure !== null) return null;
  return `${revision.stdout.trim()}${changes.stdout === '' ? '' : '+changes'}`;
}
