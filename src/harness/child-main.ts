// What both kinds of child processes begin with. Children load little: no schema library, no charts.
import { readFileSync, readSync, writeSync } from 'node:fs';
import type { Strategy } from '../strategies/strategy.js';
import { type OperationStream, openStream } from '../workloads/stream.js';
import type { BusyReply, ChildJob } from './child-protocol.js';
import type { Instances } from './hidden-state.js';
import { SIGN_OF_LIFE_MS } from './method.js';

const STDIN = 0;
const STDOUT = 1;

/** stdout belongs to the protocol: what a strategy prints goes to stderr. */
export function keepStdoutForProtocol(): void {
  console.log = console.error;
  console.info = console.error;
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
}

/** Answers the runner. */
export function reply(message: object): void {
  writeSync(STDOUT, `${JSON.stringify(message)}\n`);
}

/** Reads the runner's next line, blocking; null at the end of stdin. */
export function lineReader(): () => string | null {
  const buffer = Buffer.alloc(4096);
  let pending = '';
  return () => {
    for (;;) {
      const end = pending.indexOf('\n');
      if (end >= 0) {
        const line = pending.slice(0, end);
        pending = pending.slice(end + 1);
        return line;
      }
      const bytes = readSync(STDIN, buffer);
      if (bytes === 0) return null;
      pending += buffer.toString('utf8', 0, bytes);
    }
  };
}

/** Reads the job that the process was started with; a second argument is the seed of its heap. */
export function readJob(): ChildJob {
  const [, , path, heapSeed] = process.argv;
  const job = JSON.parse(readFileSync(path as string, 'utf8')) as ChildJob;
  return heapSeed === undefined ? job : { ...job, host: { ...job.host, heapSeed: Number(heapSeed) } };
}

/** Reads a stream's file. */
export function readStream(path: string): OperationStream {
  const bytes = readFileSync(path);
  const copy = new Uint8Array(bytes);
  return openStream(new Int32Array(copy.buffer));
}

let lastSign = performance.now();

/** Tells the runner, from time to time, that the answer is being worked on. */
export function signOfLife(): void {
  if (performance.now() - lastSign < SIGN_OF_LIFE_MS) return;
  lastSign = performance.now();
  reply({ busy: true } satisfies BusyReply);
}

/** Imports a strategy's module. */
export async function importStrategy(url: string): Promise<Strategy> {
  const module = (await import(url)) as { default: Strategy };
  return module.default;
}

/** Imports a strategy's module twice. */
export async function importInstances(url: string): Promise<Instances> {
  return { strategy: await importStrategy(url), second: await importStrategy(`${url}?second`) };
}
