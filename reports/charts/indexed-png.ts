// An image as PNG with a palette, which takes a third of the bytes of true colour. A chart has few colours, apart from
// smoothed edges.
import { encode } from 'fast-png';

const MOST_COLOURS = 64;

/**
 * An opaque image as PNG.
 *
 * @param pixels - Red, green, blue and alpha of each pixel, row by row. Alpha is ignored.
 * @param kept - Colours that are certainly in the palette, such as "#994407". The most frequent others follow.
 */
export function indexedPng(
  pixels: Uint8ClampedArray,
  width: number,
  height: number,
  kept: readonly string[],
): Buffer {
  const colours = new Uint32Array(pixels.buffer, pixels.byteOffset, width * height);
  const frequencies = new Map<number, number>();
  for (const { colour, start, end } of runsOf(colours)) {
    frequencies.set(colour, (frequencies.get(colour) ?? 0) + end - start);
  }
  const byFrequency = [...frequencies].sort((a, b) => b[1] - a[1]).map(([colour]) => channelsOf(colour));
  const first = kept.map((colour) =>
    [1, 3, 5].map((digit) => Number.parseInt(colour.slice(digit, digit + 2), 16)),
  );
  const distinct = new Map([...first, ...byFrequency].map((channels) => [channels.join(), channels]));
  const palette = [...distinct.values()].slice(0, MOST_COLOURS);
  const indexOf = new Map(
    [...frequencies.keys()].map((colour) => [colour, nearest(palette, channelsOf(colour))]),
  );
  const data = new Uint8Array(colours.length);
  for (const { colour, start, end } of runsOf(colours)) data.fill(indexOf.get(colour) as number, start, end);
  return Buffer.from(encode({ width, height, data, channels: 1, depth: 8, palette }, { zlib: { level: 9 } }));
}

/** Consecutive pixels of one colour. */
interface Run {
  readonly colour: number;
  readonly start: number;
  readonly end: number;
}

function* runsOf(colours: Uint32Array): Generator<Run> {
  for (let start = 0, end = 1; start < colours.length; start = end++) {
    const colour = colours[start] as number;
    while (end < colours.length && colours[end] === colour) end++;
    yield { colour, start, end };
  }
}

/** Red, green and blue of a pixel in memory, from the lowest byte. */
function channelsOf(pixel: number): number[] {
  return [pixel & 0xff, (pixel >>> 8) & 0xff, (pixel >>> 16) & 0xff];
}

/** Index of the nearest colour of the palette. */
function nearest(palette: readonly number[][], colour: readonly number[]): number {
  let [best, least] = [0, Infinity];
  palette.forEach((candidate, index) => {
    const distance = candidate.reduce(
      (sum, value, channel) => sum + (value - (colour[channel] ?? 0)) ** 2,
      0,
    );
    if (distance < least) [best, least] = [index, distance];
  });
  return best;
}
