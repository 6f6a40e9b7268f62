// A DNS server for IPv4 addresses of names.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export interface DnsOptions {
  /** The address of a name in lower case; undefined where it does not exist. */
  readonly find: (name: string) => string | undefined | Promise<string | undefined>;
  /** How long an answer may be kept, in seconds. */
  readonly keep?: number;
}

/** `ip` is where it answers. */
export async function answerDns(ip: string, { find, keep = 1 }: DnsOptions): Promise<void> {
  const socket = createSocket('udp4');
  const reply = async (query: Buffer): Promise<Buffer> => {
    const { name, end } = questionIn(query);
    return answer(query.subarray(0, end), await find(name), keep);
  };
  socket.on('message', (query, from) => void reply(query).then((text) => socket.send(text, from.port, from.address)));
  socket.bind(53, ip);
  await once(socket, 'listening');
}

const headerLength = 12;
const typeA = 1;

/** One question, as resolvers ask. `end` is where it ends. */
function questionIn(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = headerLength;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 5 };
}

/** `query` ends with its question. */
function answer(query: Buffer, ip: string | undefined, keep: number): Buffer {
  const hasAnswer = ip !== undefined && query.readUInt16BE(query.length - 4) === typeA;
  const header = Buffer.from(query.subarray(0, headerLength));
  // A response, recursion available; code 3: no such name
  header.writeUInt16BE(ip === undefined ? 0x8183 : 0x8180, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(hasAnswer ? 1 : 0, 6);
  header.writeUInt32BE(0, 8);
  const question = query.subarray(headerLength);
  if (!hasAnswer) return Buffer.concat([header, question]);
  // The name of the question, type A, class IN, four bytes
  const record = Buffer.from([0xc0, headerLength, 0, typeA, 0, 1, 0, 0, 0, keep, 0, 4]);
  return Buffer.concat([header, question, record, Buffer.from(ip.split('.').map(Number))]);
}
