// A DNS server for IPv4 addresses of names.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** `find` gives the address of a name in lower case; undefined where it does not exist. */
export async function answerDns(ip: string, find: (name: string) => string | undefined): Promise<void> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => socket.send(answer(query, find), from.port, from.address));
  socket.bind(53, ip);
  await once(socket, 'listening');
}

const headerLength = 12;
const typeA = 1;

function answer(query: Buffer, find: (name: string) => string | undefined): Buffer {
  const labels: string[] = [];
  let at = headerLength;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  const end = at + 5;
  const ip = find(labels.join('.').toLowerCase());
  const hasAnswer = ip !== undefined && query.readUInt16BE(at + 1) === typeA;
  const header = Buffer.from(query.subarray(0, headerLength));
  // A response, recursion available; code 3: no such name
  header.writeUInt16BE(ip === undefined ? 0x8183 : 0x8180, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(hasAnswer ? 1 : 0, 6);
  header.writeUInt32BE(0, 8);
  const question = query.subarray(headerLength, end);
  if (!hasAnswer) return Buffer.concat([header, question]);
  // The name of the question, type A, class IN, kept for one second, four bytes
  const record = Buffer.from([0xc0, headerLength, 0, typeA, 0, 1, 0, 0, 0, 1, 0, 4]);
  return Buffer.concat([header, question, record, Buffer.from(ip.split('.').map(Number))]);
}
