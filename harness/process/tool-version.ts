import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Results } from '../results/results.js';

/** The project's root; the build puts this module three folders below it. */
const ROOT = new URL('../../../', import.meta.url);

/** Version of the package, and the git revision of its checkout with "+changes" where it is not clean. */
export function toolVersion(): Results['tool'] {
  const manifest = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { version: string };
  return { version: manifest.version, revision: gitRevision() };
}

function gitRevision(): string | null {
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: fileURLToPath(ROOT),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    const revision = git('rev-parse', '--short=12', 'HEAD');
    return git('status', '--porcelain') === '' ? revision : `${revision}+changes`;
  } catch {
    return null;
  }
}
