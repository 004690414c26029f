// An image as PNG with a palette of 128 colours: a third of the bytes of true colour, and more than a chart needs, whose
// only other colours are those of smoothed edges.
import { deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

/** With fewer, thin lines are seen in another colour than their own; with all 256 an image is a tenth larger. */
const MOST_COLOURS = 128;

/** Of each byte, for the check of a chunk (PNG specification, annex D). */
const CRC_OF_BYTE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb8_8320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

/**
 * An opaque image as PNG.
 *
 * @param pixels - Red, green, blue and alpha of each pixel, row by row; alpha is left out.
 */
export function indexedPng(pixels: Uint8ClampedArray, width: number, height: number): Buffer {
  const colours = new Uint32Array(width * height);
  const frequencies = new Map<number, number>();
  for (let pixel = 0; pixel < colours.length; pixel++) {
    const [red = 0, green = 0, blue = 0] = pixels.subarray(4 * pixel, 4 * pixel + 3);
    const colour = (red << 16) | (green << 8) | blue;
    colours[pixel] = colour;
    frequencies.set(colour, (frequencies.get(colour) ?? 0) + 1);
  }
  const byFrequency = [...frequencies].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
  const palette = byFrequency.slice(0, MOST_COLOURS);
  const indexOf = new Map(byFrequency.map((colour) => [colour, nearest(palette, colour)]));
  // Each row begins with its filter: none, which is best for a palette.
  const rows = Buffer.alloc((width + 1) * height);
  for (let pixel = 0; pixel < colours.length; pixel++) {
    rows[pixel + Math.floor(pixel / width) + 1] = indexOf.get(colours[pixel] as number) as number;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits for each pixel, of an indexed colour.
  header.writeUInt16BE(0x0803, 8);
  const table = Buffer.from(
    palette.flatMap((colour) => [colour >>> 16, (colour >>> 8) & 0xff, colour & 0xff]),
  );
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', table),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function nearest(palette: readonly number[], colour: number): number {
  let [best, least] = [0, Infinity];
  palette.forEach((candidate, index) => {
    const distance =
      ((candidate >>> 16) - (colour >>> 16)) ** 2 +
      (((candidate >>> 8) & 0xff) - ((colour >>> 8) & 0xff)) ** 2 +
      ((candidate & 0xff) - (colour & 0xff)) ** 2;
    if (distance < least) [best, least] = [index, distance];
  });
  return best;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  let crc = 0xffff_ffff;
  for (const byte of body) crc = (CRC_OF_BYTE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(~crc >>> 0);
  return Buffer.concat([length, body, check]);
}
