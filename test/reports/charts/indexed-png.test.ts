import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCanvas, loadImage } from 'canvas';
import { indexedPng } from '../../../reports/charts/indexed-png.js';

/** Red, green, blue and alpha of the pixels that a decoder sees. */
async function decoded(png: Buffer): Promise<Uint8ClampedArray> {
  const image = await loadImage(png);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, image.width, image.height).data;
}

test('an image of up to 64 colours is decoded as it was', async () => {
  const pixels = Uint8ClampedArray.from({ length: 4 * 32 * 8 }, (_, byte) =>
    byte % 4 === 3 ? 255 : (37 * ((byte >> 2) % 64) + 91 * (byte % 4)) % 256,
  );
  assert.deepEqual(await decoded(indexedPng(pixels, 32, 8, [])), pixels);
});

test('of more colours the most frequent stay, and the others become the nearest', async () => {
  const pixels = new Uint8ClampedArray(4 * 600);
  for (let pixel = 0; pixel < 600; pixel++) {
    const isRare = pixel >= 599;
    pixels.set(isRare ? [62, 1, 3, 255] : [pixel % 64, 0, 0, 255], 4 * pixel);
  }
  const seen = await decoded(indexedPng(pixels, 600, 1, []));
  assert.deepEqual(seen.subarray(0, 4 * 599), pixels.subarray(0, 4 * 599));
  assert.deepEqual([...seen.subarray(4 * 599)], [62, 0, 0, 255]);
});

test('a colour that is to be kept stays, however rare it is', async () => {
  const pixels = new Uint8ClampedArray(4 * 600);
  for (let pixel = 0; pixel < 600; pixel++) {
    pixels.set(pixel >= 599 ? [62, 1, 3, 255] : [pixel % 64, 0, 0, 255], 4 * pixel);
  }
  const seen = await decoded(indexedPng(pixels, 600, 1, ['#3e0103']));
  assert.deepEqual([...seen.subarray(4 * 599)], [62, 1, 3, 255]);
});
