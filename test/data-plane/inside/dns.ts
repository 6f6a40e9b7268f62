// Every name has an address of its own, so that a site knows by which name it was dialled.
import { createSocket } from 'node:dgram';

const byName = new Map<string, string>();
const byAddress = new Map<string, string>();

/** Without another, from the block for documentation and tests of carriers: no mesh of ours lists it. */
function addressOf(name: string): string {
  const known = byName.get(name);
  if (known !== undefined) return known;
  const next = byName.size + 1;
  return nameAddress(name, `100.64.${next >> 8}.${next & 0xff}`);
}

export function nameAddress(name: string, address: string): string {
  byName.set(name, address);
  byAddress.set(address, name);
  return address;
}

/** The name, or the address itself where it stands for none. */
export function nameAt(address: string): string {
  return byAddress.get(address) ?? address;
}

/** `before`: what is to be done before somebody is told the address. */
export function serveDns(before: (address: string) => Promise<void>): Promise<void> {
  const socket = createSocket('udp4');
  socket.on('message', (question, from) => {
    const { name, answer } = answerTo(question);
    void before(addressOf(name)).then(() => socket.send(answer, from.port, from.address));
  });
  return new Promise((resolve) => socket.bind(53, '0.0.0.0', () => resolve()));
}

/** One question, as resolvers ask; only addresses of IPv4 are there. */
function answerTo(question: Buffer): { readonly name: string; readonly answer: Buffer } {
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
  const name = labels.join('.').toLowerCase();
  if (!isA) return { name, answer: Buffer.concat([head, asked]) };
  const address = addressOf(name).split('.').map(Number);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address]);
  return { name, answer: Buffer.concat([head, asked, record]) };
}
