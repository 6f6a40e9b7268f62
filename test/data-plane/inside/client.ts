// The client's ztunnel, as far as it matters to a waypoint: an HBONE tunnel with the client's certificate to the address and port that
// were dialled, and the client's bytes in it. Which address and which waypoint that is, the test decides by what istiod tells ztunnels.
import { connect as connectHttp2, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { Outcome, Query } from '../messages.ts';
import { issue, type authority } from './certificates.ts';
import { readResponse } from './response.ts';

const patienceMs = 4000;

export class Client {
  readonly #mesh: ReturnType<typeof authority>;
  readonly #sessions = new Map<string, ClientHttp2Session>();

  constructor(mesh: ReturnType<typeof authority>) {
    this.#mesh = mesh;
  }

  /** Proxies end with their mesh, and the next one has the same addresses. */
  closeAll(): void {
    for (const session of this.#sessions.values()) session.destroy();
    this.#sessions.clear();
  }

  send(query: Query): Promise<Outcome> {
    const tunnel = this.#session(query).request({
      ':method': 'CONNECT',
      ':authority': `${query.address}:${query.port}`,
    });
    return new Promise((resolve) => {
      let over = false;
      const end = (outcome: Outcome): void => {
        if (over) return;
        over = true;
        clearTimeout(timer);
        resolve(outcome);
        tunnel.close();
      };
      const timer = setTimeout(() => end({ ended: 'hung' }), patienceMs);
      tunnel.on('error', () => end({ ended: 'closed', at: 'tunnel' }));
      tunnel.on('close', () => end({ ended: 'closed', at: 'tunnel' }));
      tunnel.on('response', ({ ':status': status }) => {
        if (status === 200) exchange(tunnel, query, end);
        else end({ ended: 'closed', at: `CONNECT ${status}` });
      });
    });
  }

  #session({ as, ip, waypoint }: Query): ClientHttp2Session {
    const key = `${as} ${ip} ${waypoint}`;
    const known = this.#sessions.get(key);
    if (known && !known.destroyed && !known.closed) return known;
    const own = issue({ name: 'pod', uri: as }, this.#mesh);
    const session = connectHttp2(`https://${waypoint}:15008`, {
      createConnection: () =>
        connectTls({
          host: waypoint,
          port: 15008,
          ...(ip.includes(':') ? {} : { localAddress: ip }),
          key: own.key,
          cert: own.certificate,
          ca: this.#mesh.certificate,
          checkServerIdentity: () => undefined,
          ALPNProtocols: ['h2'],
        }),
    });
    session.on('error', () => undefined);
    this.#sessions.set(key, session);
    return session;
  }
}

function exchange(tunnel: ClientHttp2Stream, query: Query, end: (outcome: Outcome) => void): void {
  if (query.scheme !== 'https') return request(tunnel, query, end);
  const name = query.sni === '' ? {} : { servername: query.sni };
  // As curl offers them.
  const ALPNProtocols = ['h2', 'http/1.1'];
  const secured = connectTls({ socket: tunnel, ...name, rejectUnauthorized: false, ALPNProtocols });
  secured.on('error', () => end({ ended: 'closed', at: 'handshake' }));
  secured.on('close', () => end({ ended: 'closed', at: 'handshake' }));
  secured.on('secureConnect', () => request(secured, query, end));
}

/** As text, for methods and paths that a client library would correct. */
function request(stream: Duplex, { method, path, authority, headers }: Query, end: (outcome: Outcome) => void): void {
  readResponse(stream, method).then(
    (response) => end({ ended: 'answered', ...response }),
    () => end({ ended: 'closed', at: 'response' }),
  );
  const lines = Object.entries({ host: authority, 'user-agent': 'test', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  stream.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
}
