// Draws client/media/icon.png: a mesh of three workloads, its border, and one way out through a gate.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';

const size = 256;
const samples = 4; // each pixel is the mean of samples × samples points
const colours = { ground: [22, 50, 79], border: [143, 186, 222], mesh: [232, 241, 249], out: [255, 176, 59] };

/** Shapes from the lowest to the topmost; a point takes the colour of the last that covers it. */
const shapes = [
  [colours.ground, roundedSquare(0, 0, 256, 52)],
  [colours.border, minus(ring(106, 128, 76, 10), band(150, 256, 104, 152))],
  [colours.mesh, line(80, 92, 80, 164, 5)],
  [colours.mesh, line(80, 92, 124, 128, 5)],
  [colours.mesh, line(80, 164, 124, 128, 5)],
  [colours.mesh, disc(80, 92, 16)],
  [colours.mesh, disc(80, 164, 16)],
  [colours.out, line(124, 128, 228, 128, 7)],
  [colours.out, line(228, 128, 204, 104, 7)],
  [colours.out, line(228, 128, 204, 152, 7)],
  [colours.out, disc(124, 128, 20)],
];

function roundedSquare(x, y, side, radius) {
  return (px, py) => {
    const dx = Math.max(x + radius - px, px - (x + side - radius), 0);
    const dy = Math.max(y + radius - py, py - (y + side - radius), 0);
    return px >= x && px <= x + side && py >= y && py <= y + side && Math.hypot(dx, dy) <= radius;
  };
}
function disc(x, y, radius) {
  return (px, py) => Math.hypot(px - x, py - y) <= radius;
}
function ring(x, y, radius, width) {
  return (px, py) => Math.abs(Math.hypot(px - x, py - y) - radius) <= width / 2;
}
function band(left, right, top, bottom) {
  return (px, py) => px > left && px < right && py > top && py < bottom;
}
function minus(shape, hole) {
  return (px, py) => shape(px, py) && !hole(px, py);
}
function line(x1, y1, x2, y2, half) {
  const length = (x2 - x1) ** 2 + (y2 - y1) ** 2;
  return (px, py) => {
    const t = Math.max(0, Math.min(1, ((px - x1) * (x2 - x1) + (py - y1) * (y2 - y1)) / length));
    return Math.hypot(px - x1 - t * (x2 - x1), py - y1 - t * (y2 - y1)) <= half;
  };
}

function pixel(x, y) {
  const sum = [0, 0, 0, 0];
  for (let i = 0; i < samples * samples; i++) {
    const px = x + ((i % samples) + 0.5) / samples;
    const py = y + (Math.floor(i / samples) + 0.5) / samples;
    const colour = shapes.findLast(([, covers]) => covers(px, py))?.[0];
    if (!colour) continue;
    for (let c = 0; c < 3; c++) sum[c] += colour[c];
    sum[3] += 1;
  }
  return sum[3] === 0
    ? [0, 0, 0, 0]
    : [...sum.slice(0, 3).map((c) => Math.round(c / sum[3])), Math.round((sum[3] * 255) / samples ** 2)];
}

const crcTable = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const crc = ~body.reduce((c, byte) => crcTable[(c ^ byte) & 255] ^ (c >>> 8), 0xffffffff) >>> 0;
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc, body.length + 4);
  return out;
}

const header = Buffer.alloc(13);
header.writeUInt32BE(size, 0);
header.writeUInt32BE(size, 4);
header.set([8, 6, 0, 0, 0], 8); // 8 bits a channel, red green blue alpha
const rows = Buffer.concat(
  Array.from({ length: size }, (_, y) =>
    Buffer.from([0, ...Array.from({ length: size }, (_, x) => pixel(x, y)).flat()]),
  ),
);
const png = Buffer.concat([
  Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
  chunk('IHDR', header),
  chunk('IDAT', deflateSync(rows, { level: 9 })),
  chunk('IEND', Buffer.alloc(0)),
]);
writeFileSync(join(import.meta.dirname, '../media/icon.png'), png);
