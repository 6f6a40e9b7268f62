// Stands in for the data plane: ztunnel, the waypoint's Envoy and the outside world. A test machine has none of them.
//
// It decides nothing of its own. Whether a waypoint carries the request is what istiod wrote into statuses (way.ts); what the
// waypoint does with it is what istiod sends that waypoint: its policies, clusters and access logs (waypoint.ts). What it cannot
// follow is answered 502 and said, never guessed. TLS is not spoken: a handshake is closed.
import { randomUUID } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { pathOf } from '../programs.ts';
import { logLine } from './log-line.ts';
import { readLive, wayOf } from './way.ts';
import { passThrough, type Istiod } from './waypoint.ts';
import { answerOf, type Request, type WorldAnswer } from './world.ts';

const {
  port: own,
  log,
  istiod,
} = parseArgs({ options: { port: { type: 'string' }, log: { type: 'string' }, istiod: { type: 'string' } } }).values;
if (own === undefined || log === undefined || istiod === undefined)
  throw new Error('usage: main.ts --port PORT --log FILE --istiod ADDRESS');
const peer: Istiod = { oracle: pathOf('oracle', process.env['PEERS']), address: istiod };
const file = log;

async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const began = new Date();
  const authority = req.headers.host ?? '';
  const [host = '', port = '80'] = authority.split(':');
  let received = 0;
  for await (const chunk of req) received += (chunk as Buffer).length;
  const headers = new Map(Object.entries(req.headers).map(([name, value]) => [name, String(value)]));
  const request: Request = {
    method: req.method ?? 'GET',
    path: req.url ?? '/',
    authority,
    headers,
    folder: dirname(file),
  };
  const way = wayOf(await readLive(), host, Number(port));
  if (way.to === 'nowhere') return close(req, way.why);
  if (way.to === 'world') {
    const direct = await answerOf(request, way.port, false);
    return typeof direct === 'string' ? close(req, direct) : send(res, direct, { server: 'gunicorn/19.9.0' });
  }
  const id = randomUUID();
  headers.set('x-request-id', id);
  const passage = await passThrough(peer, way, Number(port), request);
  const ms = Math.max(1, Date.now() - began.getTime());
  if (passage.isLogged)
    await appendFile(
      file,
      `${new Date().toISOString()} stdout F ${logLine(request, Number(port), way, passage, { began, ms, received, id })}\n`,
    );
  if (!passage.answer) return close(req, passage.details);
  return send(res, passage.answer, {
    server: 'istio-envoy',
    ...(passage.reached === undefined ? {} : { 'x-envoy-upstream-service-time': String(ms) }),
  });
}

function send(
  res: ServerResponse,
  { status, body, type }: WorldAnswer,
  headers: Readonly<Record<string, string>>,
): void {
  res.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), ...headers });
  res.end(body);
}

function close(req: IncomingMessage, why: string): void {
  console.error(`closed: ${why}`);
  req.socket.destroy();
}

createServer((req, res) => {
  if (req.url === '/' && req.headers.host?.startsWith('127.')) return void res.end('up\n'); // pods.sh asks
  answer(req, res).catch((error: unknown) => {
    console.error(error); // what could not be asked or followed: say so, and stay up
    res.writeHead(502).end(`data plane: ${error instanceof Error ? error.message : String(error)}\n`);
  });
})
  .on('clientError', (_, socket) => socket.destroy())
  .listen(Number(own), '127.0.0.1');
