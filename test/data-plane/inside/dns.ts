// Every name has an address of its own, so that a site knows by which name it was dialled.
import { createSocket } from 'node:dgram';

const byName = new Map<string, string>();
const byAddress = new Map<string, string>();

/** From the block for documentation and tests of carriers: no mesh of ours lists it. */
export function addressOf(name: string): string {
  const known = byName.get(name);
  if (known !== undefined) return known;
  const next = byName.size + 1;
  const address = `100.64.${next >> 8}.${next & 0xff}`;
  byName.set(name, address);
  byAddress.set(address, name);
  return address;
}

/** The name, or the address itself where it stands for none. */
export function nameAt(address: string): string {
  return byAddress.get(address) ?? address;
}

export function serveDns(): Promise<void> {
  const socket = createSocket('udp4');
  socket.on('message', (question, from) => socket.send(answerTo(question), from.port, from.address));
  return new Promise((resolve) => socket.bind(53, '0.0.0.0', () => resolve()));
}

/** One question, as resolvers ask; only addresses of IPv4 are there. */
function answerTo(question: Buffer): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let length = question[at]!; length > 0; length = question[at]!) {
    labels.push(question.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const isA = question.readUInt16BE(at + 1) === 1;
  const head = Buffer.from(question.subarray(0, 12));
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(isA ? 1 : 0, 6);
  head.writeUInt32BE(0, 8);
  const asked = question.subarray(12, at + 5);
  if (!isA) return Buffer.concat([head, asked]);
  const address = addressOf(labels.join('.').toLowerCase()).split('.').map(Number);
  return Buffer.concat([head, asked, Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address])]);
}
