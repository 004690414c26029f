import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hlistBlIn, hlistIn, listIn } from '../../machine/lists.js';
import { type Address, Memory, NULL } from '../../machine/memory.js';

const NODES = 8;

/** Random adds and deletes of a few nodes: a node that is on the list is deleted, another is added. */
const steps = fc.array(fc.nat({ max: NODES - 1 }), { maxLength: 60 });

for (const pointerBytes of [4, 8] as const) {
  test(`an hlist is the sequence of its adds without its deletes, ${pointerBytes}-byte pointers`, () => {
    fc.assert(
      fc.property(steps, (nodes) => {
        const memory = new Memory(1 << 16);
        const hlist = hlistIn(memory, pointerBytes);
        const head = memory.reserve(2);
        const addresses = Array.from({ length: NODES }, () => memory.reserve(4));
        let model: Address[] = [];
        for (const node of nodes) {
          const address = addresses[node] as Address;
          if (model.includes(address)) {
            hlist.del(address);
            model = model.filter((other) => other !== address);
          } else {
            hlist.addHead(head, address);
            model.unshift(address);
          }
          const walked: Address[] = [];
          for (let at = memory.load(head); at !== NULL; at = memory.load(at)) walked.push(at);
          assert.deepEqual(walked, model);
        }
      }),
    );
  });

  test(`an hlist_bl is the same under its lock bit, which a delete keeps, ${pointerBytes}-byte pointers`, () => {
    fc.assert(
      fc.property(steps, (nodes) => {
        const memory = new Memory(1 << 16);
        const hlistBl = hlistBlIn(memory, pointerBytes);
        const head = memory.reserve(2);
        const addresses = Array.from({ length: NODES }, () => memory.reserve(4));
        let model: Address[] = [];
        for (const node of nodes) {
          const address = addresses[node] as Address;
          hlistBl.lock(head);
          if (model.includes(address)) {
            hlistBl.del(address);
            model = model.filter((other) => other !== address);
          } else {
            hlistBl.addHead(head, address);
            model.unshift(address);
          }
          const walked: Address[] = [];
          for (let at = hlistBl.first(head); at !== NULL; at = memory.load(at)) walked.push(at);
          assert.deepEqual(walked, model);
          assert.equal(memory.load(head) & 1, 1);
          hlistBl.unlock(head);
          assert.equal(memory.load(head), model[0] ?? NULL);
        }
      }),
    );
  });

  test(`a list_head is a ring in both directions, ${pointerBytes}-byte pointers`, () => {
    fc.assert(
      fc.property(steps, (nodes) => {
        const memory = new Memory(1 << 16);
        const list = listIn(memory, pointerBytes);
        const head = memory.reserve(4);
        const addresses = Array.from({ length: NODES }, () => memory.reserve(4));
        list.init(head);
        let model: Address[] = [];
        for (const node of nodes) {
          const address = addresses[node] as Address;
          if (model.includes(address)) {
            list.del(address);
            model = model.filter((other) => other !== address);
          } else {
            list.add(address, head);
            model.unshift(address);
          }
          const forwards: Address[] = [];
          for (let at = memory.load(head); at !== head; at = memory.load(at)) forwards.push(at);
          const backwards: Address[] = [];
          const prev = pointerBytes / 4;
          for (let at = memory.load(head + prev); at !== head; at = memory.load(at + prev))
            backwards.push(at);
          assert.deepEqual(forwards, model);
          assert.deepEqual(backwards.reverse(), model);
        }
      }),
    );
  });
}
