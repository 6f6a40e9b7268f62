// node client/dev/shrink-picture.mjs FROM.png TO.png [COLOURS] [X,Y,WIDTH,HEIGHT]: a screenshot, or a part of it, in at most 32 colours, which is
// enough for an editor, and a sixth of the bytes. A picture that was shrunk before can be shrunk again.
import { readFileSync, writeFileSync } from 'node:fs';
import { deflateSync, inflateSync } from 'node:zlib';

const [from, to, colourCount = '32', part] = process.argv.slice(2);
if (to === undefined) throw new Error('usage: shrink-picture.mjs FROM.png TO.png [COLOURS] [X,Y,WIDTH,HEIGHT]');
const most = Number(colourCount);
const { width, height, channels, data } = cut(decode(readFileSync(from)), part);
const colours = paletteOf(data, channels);
const nearest = new Map();
/** Two points a byte where the colours are few enough. */
const bits = colours.length <= 16 ? 4 : 8;
const stride = Math.ceil((width * bits) / 8) + 1;
const rows = Buffer.alloc(stride * height);
for (let y = 0; y < height; y++)
  for (let x = 0; x < width; x++) {
    const colour = indexOf((y * width + x) * channels);
    const at = y * stride + 1 + Math.floor((x * bits) / 8);
    rows[at] |= bits === 4 && x % 2 === 0 ? colour << 4 : colour;
  }
const header = Buffer.alloc(13);
header.writeUInt32BE(width, 0);
header.writeUInt32BE(height, 4);
header.set([bits, 3, 0, 0, 0], 8); // indexed
writeFileSync(
  to,
  Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(colours.flat())),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]),
);

function cut(picture, place) {
  if (place === undefined) return picture;
  const [x, y, width, height] = place.split(',').map(Number);
  if (![x, y, width, height].every(Number.isInteger) || x + width > picture.width || y + height > picture.height)
    throw new Error(`${place} is not a part of ${picture.width},${picture.height}`);
  const lines = Array.from({ length: height }, (_, line) => {
    const at = ((y + line) * picture.width + x) * picture.channels;
    return picture.data.subarray(at, at + width * picture.channels);
  });
  return { width, height, channels: picture.channels, data: Buffer.concat(lines) };
}

/** 8 bits a channel, not interlaced: what browsers write; or indexed, as this program writes. */
function decode(png) {
  if (png[25] === 3) return decodeIndexed(png);
  const width = png.readUInt32BE(16),
    height = png.readUInt32BE(20),
    channels = png[25] === 6 ? 4 : 3;
  if (png[24] !== 8 || (png[25] !== 2 && png[25] !== 6) || png[28] !== 0)
    throw new Error('not the kind of PNG that browsers write');
  const parts = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const raw = inflateSync(Buffer.concat(parts)),
    line = width * channels,
    data = Buffer.alloc(line * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (line + 1)];
    for (let i = 0; i < line; i++) {
      const left = i < channels ? 0 : data[y * line + i - channels],
        up = y === 0 ? 0 : data[(y - 1) * line + i],
        corner = i < channels || y === 0 ? 0 : data[(y - 1) * line + i - channels];
      data[y * line + i] =
        raw[y * (line + 1) + 1 + i] + [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
    }
  }
  return { width, height, channels, data };
}

function decodeIndexed(png) {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const part = (type) => {
    const at = png.indexOf(type, 0, 'latin1');
    return png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4));
  };
  const [palette, rows] = [part('PLTE'), inflateSync(part('IDAT'))];
  const depth = png[24];
  const line = Math.ceil((width * depth) / 8) + 1;
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    if (rows[y * line] !== 0 || (depth !== 4 && depth !== 8)) throw new Error('not a picture of this program');
    for (let x = 0; x < width; x++) {
      const byte = rows[y * line + 1 + Math.floor((x * depth) / 8)];
      const half = x % 2 === 0 ? byte >> 4 : byte & 15;
      const colour = depth === 8 ? byte : half;
      palette.copy(data, (y * width + x) * 3, colour * 3, colour * 3 + 3);
    }
  }
  return { width, height, channels: 3, data };
}

function paeth(a, b, c) {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}

/** Median cut over the colours that occur, each weighed by how often. */
function paletteOf(data, channels) {
  const counts = new Map();
  for (let i = 0; i < data.length; i += channels) {
    const key = (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  let boxes = [[...counts].map(([key, n]) => ({ rgb: [key >> 16, (key >> 8) & 255, key & 255], n }))];
  while (boxes.length < most) {
    const ranked = boxes
      .filter((box) => box.length > 1)
      .map((box) => ({ box, ...widest(box) }))
      .sort((a, b) => b.worth - a.worth);
    if (ranked.length === 0) break;
    const { box, channel } = ranked[0];
    const sorted = box.toSorted((a, b) => a.rgb[channel] - b.rgb[channel]);
    const half = sorted.reduce((sum, { n }) => sum + Math.sqrt(n), 0) / 2;
    let sum = 0;
    const at = Math.max(
      1,
      Math.min(
        sorted.length - 1,
        sorted.findIndex(({ n }) => (sum += Math.sqrt(n)) >= half),
      ),
    );
    boxes = [...boxes.filter((one) => one !== box), sorted.slice(0, at), sorted.slice(at)];
  }
  return boxes.map((box) => box.reduce((best, one) => (one.n > best.n ? one : best)).rgb);
}

function widest(box) {
  const spans = [0, 1, 2].map(
    (c) => Math.max(...box.map(({ rgb }) => rgb[c])) - Math.min(...box.map(({ rgb }) => rgb[c])),
  );
  const channel = spans.indexOf(Math.max(...spans));
  return { channel, worth: spans[channel] * Math.log1p(box.reduce((sum, { n }) => sum + n, 0)) };
}

function indexOf(i) {
  const key = (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
  let found = nearest.get(key);
  if (found === undefined) {
    let best = Infinity;
    colours.forEach(([r, g, b], k) => {
      const off = (r - data[i]) ** 2 + (g - data[i + 1]) ** 2 + (b - data[i + 2]) ** 2;
      if (off < best) [best, found] = [off, k];
    });
    nearest.set(key, found);
  }
  return found;
}

function crc(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) {
    c ^= byte;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  }
  return ~c >>> 0;
}

function chunk(type, body) {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const out = Buffer.alloc(typed.length + 8);
  out.writeUInt32BE(body.length, 0);
  typed.copy(out, 4);
  out.writeUInt32BE(crc(typed), typed.length + 4);
  return out;
}
