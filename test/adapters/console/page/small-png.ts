import { crc32, deflateSync, inflateSync } from 'node:zlib';

const signature = Buffer.from('89504e470d0a1a0a', 'hex');

interface Picture {
  readonly width: number;
  readonly height: number;
  /** Three bytes a pixel, row by row. */
  readonly pixels: Buffer;
}

/**
 * The same picture with 256 colours of its own, each other one as the nearest of them:
 * a third of the bytes for a screenshot, and nobody sees the difference. Takes PNGs of 8 bits and
 * three channels without interlacing, as browsers make them.
 */
export function smallPng(png: Buffer): Buffer {
  const { width, height, pixels } = decode(png);
  const counts = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += 3) {
    const colour = pixels.readUIntBE(at, 3);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const palette = paletteOf(counts);
  const places = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]));
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour = pixels.readUIntBE((y * width + x) * 3, 3);
      rows[y * (width + 1) + 1 + x] = places.get(colour) ?? 0;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const table = Buffer.alloc(palette.length * 3);
  for (const [index, colour] of palette.entries()) table.writeUIntBE(colour, index * 3, 3);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('PLTE', table),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The commonest colour of each part of the colour space, then the commonest of all: no hue is lost. */
function paletteOf(counts: ReadonlyMap<number, number>): readonly number[] {
  const byCount = [...counts].sort(([, a], [, b]) => b - a).map(([colour]) => colour);
  const cells = new Map<number, number>();
  for (const colour of byCount) {
    // The upper three bits of each channel.
    const cell = colour & 0xe0e0e0;
    if (!cells.has(cell)) cells.set(cell, colour);
  }
  return [...new Set([...cells.values(), ...byCount])].slice(0, 256);
}

function chunk(kind: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([size, named, check]);
}

function nearest(palette: readonly number[], colour: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, other] of palette.entries()) {
    const distance = [16, 8, 0]
      .map((shift) => ((other >> shift) & 255) - ((colour >> shift) & 255))
      .reduce((sum, by) => sum + by * by, 0);
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

function decode(png: Buffer): Picture {
  const data: Buffer[] = [];
  for (let at = signature.length; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const end = at + 8 + png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(png.subarray(at + 8, end));
  }
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  if (png[24] !== 8 || png[25] !== 2 || png[28] !== 0) throw new Error('Not a PNG of a browser');
  const rows = inflateSync(Buffer.concat(data));
  return { width, height, pixels: unfiltered(rows, width * 3, height) };
}

function unfiltered(rows: Buffer, stride: number, height: number): Buffer {
  const pixels = Buffer.alloc(height * stride);
  for (let y = 0; y < height; y += 1) {
    const begin = y * (stride + 1);
    const seen = (x: number, up: number): number =>
      x < 0 || y < up ? 0 : (pixels[(y - up) * stride + x] ?? 0);
    for (let x = 0; x < stride; x += 1) {
      const expected = guess(rows[begin] ?? 0, seen(x - 3, 0), seen(x, 1), seen(x - 3, 1));
      pixels[y * stride + x] = (rows[begin + 1 + x] ?? 0) + expected;
    }
  }
  return pixels;
}

/** What the filters of PNG expect of a byte, by its neighbours. */
function guess(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const all = [left, up, corner].map((one) => Math.abs(left + up - corner - one));
  const least = Math.min(...all);
  return [left, up, corner][all.indexOf(least)] ?? 0;
}
