import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { ChildError } from '../../../harness/process/child.js';
import { tryTwice, Workshop } from '../../../harness/process/workshop.js';

test('items are worked on so many at a time, and their results come in their order', async () => {
  let working = 0;
  let most = 0;
  const results = await new Workshop().sideBySide([3, 1, 2, 5, 4], 2, async (turns) => {
    most = Math.max(most, ++working);
    for (let count = 0; count < turns; count++) await turn();
    working--;
    return 10 * turns;
  });
  assert.deepEqual(results, [30, 10, 20, 50, 40]);
  assert.equal(most, 2);
});

test('what is done alone is done while nothing else is, also where all ask for it at once', async () => {
  const workshop = new Workshop();
  let working = 0;
  let alone = 0;
  await workshop.sideBySide([1, 2, 3, 4, 5, 6], 3, async (turns) => {
    working++;
    for (let count = 0; count < turns; count++) await turn();
    working--;
    const done = await workshop.alone(async () => {
      assert.deepEqual([working, alone++], [0, 0]);
      await turn();
      assert.deepEqual([working, alone--], [0, 1]);
      return turns;
    });
    assert.equal(done, turns);
    working++;
    assert.equal(alone, 0);
    await turn();
    working--;
  });
});

test('an error of what is done alone goes to who asked for it', async () => {
  const workshop = new Workshop();
  const work = workshop.sideBySide([1, 2], 2, () => workshop.alone(() => Promise.reject(new Error('no'))));
  await assert.rejects(work, /^Error: no$/);
});

/** Something that fails so often before it succeeds. */
function failing(times: number, error: Error): () => Promise<string> {
  let tries = 0;
  return async () => {
    if (++tries <= times) throw error;
    return `done in ${tries}`;
  };
}

test('what the machine ended is tried once more, and told if that succeeds', async () => {
  const notes: string[] = [];
  const note = (line: string) => notes.push(line);
  const killed = new ChildError('machine', 'it was killed by SIGKILL');
  assert.equal(await tryTwice('floor', note, failing(1, killed)), 'done in 2');
  assert.deepEqual(notes, ['floor: it was killed by SIGKILL; a second try succeeded']);
  await assert.rejects(tryTwice('floor', note, failing(2, killed)), killed);
  assert.equal(notes.length, 1);
});

test('what the strategy did is not tried again', async () => {
  const ended = new ChildError('strategy', 'it ended its process with status 0');
  const note = () => assert.fail('a second try');
  await assert.rejects(tryTwice('floor', note, failing(1, ended)), ended);
});
