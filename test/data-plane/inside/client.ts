// The client, with what leads its bytes to the first proxy. Its ztunnel, as far as it matters to a waypoint: an HBONE tunnel with the client's certificate to the address and port that
// were dialled, and the client's bytes in it. Which address and which waypoint that is, the test decides by what istiod tells ztunnels.
import type { ClientHttp2Session } from 'node:http2';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { HboneSessions } from '../../kit/network/hbone.ts';
import type { Outcome, Query } from '../messages.ts';
import { issue, type authority } from './certificates.ts';
import { readResponse } from './response.ts';

const patienceMs = 15_000;

export class Client {
  readonly #mesh: ReturnType<typeof authority>;
  readonly #redirections: Socket[] = [];
  readonly #sessions = new HboneSessions();

  constructor(mesh: ReturnType<typeof authority>) {
    this.#mesh = mesh;
  }

  /** Once the lines are read: a proxy that answers requests writes them before, one that passes bytes on is closed by then. */
  closeRedirected(): void {
    for (const socket of this.#redirections.splice(0)) socket.destroy();
  }

  /** Proxies end with their mesh, and the next one has the same addresses. */
  closeAll(): void {
    this.#sessions.closeAll();
  }

  send(query: Query): Promise<Outcome> {
    return query.way === 'tunnel' ? this.#throughTunnel(query) : this.#redirected(query);
  }

  #throughTunnel(query: Query): Promise<Outcome> {
    const tunnel = this.#session(query).request({
      ':method': 'CONNECT',
      ':authority': `${query.address}:${query.port}`,
    });
    return outcome((end) => {
      tunnel.on('error', () => end({ ended: 'closed', at: 'tunnel' }));
      tunnel.on('close', () => end({ ended: 'closed', at: 'tunnel' }));
      tunnel.on('response', ({ ':status': status }) => {
        if (status === 200) exchange(tunnel, query, end);
        else end({ ended: 'closed', at: `CONNECT ${status}` });
      });
    }).finally(() => tunnel.close());
  }

  /** What the kernel's redirection tells a sidecar, it is told in the head of the PROXY protocol: who called, and what was dialled. */
  #redirected(query: Query): Promise<Outcome> {
    const socket = connect(outboundPort, query.proxy);
    this.#redirections.push(socket);
    return outcome((end) => {
      socket.on('error', () => end({ ended: 'closed', at: 'connection' }));
      socket.on('close', () => end({ ended: 'closed', at: 'connection' }));
      socket.on('connect', () => {
        socket.write(`PROXY TCP4 ${query.ip} ${query.address} ${socket.localPort} ${query.port}\r\n`);
        exchange(socket, query, end);
      });
    }).finally(() => {
      if (query.scheme !== 'http') socket.destroy();
    });
  }

  #session({ as, ip, proxy }: Query): ClientHttp2Session {
    return this.#sessions.get(`${as} ${ip} ${proxy}`, () => {
      const own = issue({ name: 'pod', uri: as }, this.#mesh);
      return {
        ip: proxy,
        port: 15008,
        from: ip.includes(':') ? undefined : ip,
        key: own.key,
        cert: own.certificate,
        ca: this.#mesh.certificate,
        checkServerIdentity: () => undefined,
      };
    });
  }
}

/** Of a sidecar, for what its pod dials. */
const outboundPort = 15001;

type End = (outcome: Outcome) => void;

function outcome(start: (end: End) => void): Promise<Outcome> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ ended: 'hung' }), patienceMs);
    start((one) => {
      clearTimeout(timer);
      resolve(one);
    });
  });
}

function exchange(tunnel: Duplex, query: Query, end: End): void {
  if (query.scheme === 'tcp') return bytes(tunnel, end);
  if (query.scheme !== 'https') return request(tunnel, query, end);
  const name = query.sni === '' ? {} : { servername: query.sni };
  // As curl offers them.
  const ALPNProtocols = ['h2', 'http/1.1'];
  const secured = connectTls({ socket: tunnel, ...name, rejectUnauthorized: false, ALPNProtocols });
  secured.on('error', () => end({ ended: 'closed', at: 'handshake' }));
  secured.on('close', () => end({ ended: 'closed', at: 'handshake' }));
  secured.on('secureConnect', () => request(secured, query, end));
}

/** Of no protocol that a proxy knows. */
function bytes(stream: Duplex, end: End): void {
  stream.once('data', () => end({ ended: 'answered' }));
  stream.on('end', () => end({ ended: 'closed', at: 'response' }));
  stream.write('hello\n');
}

/** As text, for methods and paths that a client library would correct. */
function request(stream: Duplex, { method, path, authority, headers }: Query, end: End): void {
  readResponse(stream, method).then(
    (response) => end({ ended: 'answered', ...response }),
    () => end({ ended: 'closed', at: 'response' }),
  );
  const lines = Object.entries({ host: authority, 'user-agent': 'test', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  stream.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
}
