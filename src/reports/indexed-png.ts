// An image as PNG with a palette: a third of the bytes of true colour, and as many colours as a chart needs, whose only
// others are those of smoothed edges.
import { encode } from 'fast-png';

const MOST_COLOURS = 64;

/**
 * An opaque image as PNG.
 *
 * @param pixels - Red, green, blue and alpha of each pixel, row by row; alpha is left out.
 * @param kept - Colours that stay as they are, such as "#994407"; of the others those that are most frequent do.
 */
export function indexedPng(
  pixels: Uint8ClampedArray,
  width: number,
  height: number,
  kept: readonly string[],
): Buffer {
  const colours = new Uint32Array(width * height);
  const frequencies = new Map<number, number>();
  for (let pixel = 0; pixel < colours.length; pixel++) {
    const [red = 0, green = 0, blue = 0] = pixels.subarray(4 * pixel, 4 * pixel + 3);
    const colour = (red << 16) | (green << 8) | blue;
    colours[pixel] = colour;
    frequencies.set(colour, (frequencies.get(colour) ?? 0) + 1);
  }
  const byFrequency = [...frequencies].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
  const first = kept.map((colour) => Number.parseInt(colour.slice(1), 16));
  const palette = [...new Set([...first, ...byFrequency])].slice(0, MOST_COLOURS).map(channelsOf);
  const indexOf = new Map(byFrequency.map((colour) => [colour, nearest(palette, channelsOf(colour))]));
  const data = Uint8Array.from(colours, (colour) => indexOf.get(colour) as number);
  return Buffer.from(encode({ width, height, data, channels: 1, depth: 8, palette }, { zlib: { level: 9 } }));
}

function channelsOf(colour: number): number[] {
  return [colour >>> 16, (colour >>> 8) & 0xff, colour & 0xff];
}

/** Index of the palette's colour that differs least. */
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
