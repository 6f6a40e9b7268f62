// The outside world: a site like httpbin.org under every name, HTTP on port 80, HTTPS on port 443. Each name has a certificate of its own;
// who asks for none gets one that fits no name.
import { existsSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import { issue } from '../certificates.ts';

/** Reserved for documentation: no real host. */
export const worldIp = '192.0.2.10';

/** `folder` has the world's authority. */
export async function startWorld(folder: string): Promise<void> {
  const plain = createHttp((req, res) => void respond(req, res, 'http'));
  const certificates = new Map<string, SecureContext>();
  const certificateOf = (name: string): SecureContext => {
    const known = certificates.get(name) ?? makeCertificate(folder, name);
    certificates.set(name, known);
    return known;
  };
  const secure = createHttps(
    { ...pairOf(folder, 'nobody.invalid'), SNICallback: (name, done) => done(null, certificateOf(name)) },
    (req, res) => void respond(req, res, 'https'),
  );
  await listen(80, (socket) => plain.emit('connection', socket));
  await listen(443, (socket) => {
    socket.once('data', (first) => {
      socket.pause();
      socket.unshift(first);
      if (first[0] === 0x16) secure.emit('connection', socket);
      else refusePlain(socket);
    });
  });
}

async function listen(port: number, onSocket: (socket: Socket) => void): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    onSocket(socket);
  });
  // What stands in for ztunnel listens on this port at all other addresses.
  server.listen({ port, host: worldIp, reusePort: true });
  await once(server, 'listening');
}

function makeCertificate(folder: string, name: string): SecureContext {
  return createSecureContext(pairOf(folder, name));
}

function pairOf(folder: string, name: string): { readonly cert: Buffer; readonly key: Buffer } {
  const file = path.join(folder, name);
  const root = path.join(folder, 'root');
  if (!existsSync(`${file}.crt`)) issue({ certificate: `${root}.crt`, key: `${root}.key` }, `DNS:${name}`, file);
  return { cert: readFileSync(`${file}.crt`), key: readFileSync(`${file}.key`) };
}

function refusePlain(socket: Socket): void {
  const body = '<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>\n';
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nserver: nginx\r\ncontent-type: text/html\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** `/status/418` answers with that status, every other path with what was asked. */
async function respond(req: IncomingMessage, res: ServerResponse, scheme: string): Promise<void> {
  let data = '';
  for await (const part of req) data += String(part);
  const [, status = '200'] = /^\/status\/(\d{3})/.exec(req.url ?? '') ?? [];
  const url = new URL(`${scheme}://${req.headers.host ?? 'no.host'}${req.url ?? '/'}`);
  const headers = Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [capitals(name), value]));
  const args = Object.fromEntries(url.searchParams);
  const asked = { args, ...(req.method === 'GET' ? {} : { data }), headers, origin: req.socket.remoteAddress };
  const body = `${JSON.stringify({ ...asked, url: url.href }, null, 2)}\n`;
  const length = Buffer.byteLength(body);
  res.writeHead(Number(status), {
    'content-type': 'application/json',
    'content-length': length,
    server: 'gunicorn/19.9.0',
  });
  res.end(body);
}

function capitals(name: string): string {
  return name.replace(/(^|-)./g, (letter) => letter.toUpperCase());
}
