// The sites outside: on each port one that notes what reached it. Ports like 443 speak TLS only, some plaintext only, others both;
// whoever comes otherwise is answered as real servers do. Certificates fit the name that is asked for, unless the request that runs wants another.
import { constants } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttp, type IncomingMessage } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSecureContext, TLSSocket, type SecureContext } from 'node:tls';
import type { Arrival, ArrivedRequest, Query, SiteCertificate } from '../messages.ts';
import { looksInCluster } from '../../../server/src/names/hosts.ts';
import { issue, type authority, type KeyAndCertificate } from './certificates.ts';
import { nameAt } from './dns.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Note = Writable<Arrival>;

/** Such as 8443. */
const needsTls = (port: number): boolean => port % 1000 === 443;
/** How long a copy is waited for that is to come; on a busy machine that can be a while. */
const patienceMs = 5000;
const fitting: SiteCertificate = { by: 'system', names: [] };

export class World {
  arrivals: Note[] = [];
  certificate: SiteCertificate = fitting;
  plainPorts: readonly number[] = [];
  site: Query['site'];
  readonly #authorities: Readonly<Record<'system' | 'secret', ReturnType<typeof authority>>>;
  readonly #open = new Set<string>();
  #ports: readonly number[] = [];
  /** Where sites are; undefined where they are everywhere. */
  #addresses: Set<string> | undefined;
  readonly #certificates = new Map<string, KeyAndCertificate>();
  readonly #notes = new WeakMap<object, Note>();
  readonly #http = createHttp({ keepAlive: false }, (request, response) => {
    this.#noteRequest(this.#notes.get(request.socket), request, request.headers.host ?? '');
    if (this.site !== 'silent')
      response.writeHead(this.#status(), { 'content-length': 3, connection: 'close' }).end('ok\n');
  });
  readonly #http2 = createHttp2({}, (request, response) => {
    const session = request.stream.session;
    this.#noteRequest(session && this.#notes.get(session), request as unknown as IncomingMessage, request.authority);
    if (this.site === 'silent') return;
    // Before the answer: a proxy that tries again at once would still use the connection, and a session that closes refuses new streams.
    session?.close();
    response.writeHead(this.#status(), { 'content-length': 3 }).end('ok\n');
  });

  constructor(authorities: Readonly<Record<'system' | 'secret', ReturnType<typeof authority>>>) {
    this.#authorities = authorities;
    this.#http.on('clientError', (_, socket) => socket.destroy());
    this.#http2.on('sessionError', () => undefined);
  }

  /** Without addresses, on all of them: that leaves no port to other programs, and no connection is refused. */
  async listen(ports: readonly number[], addresses?: readonly string[]): Promise<void> {
    this.#ports = [...new Set([...this.#ports, ...ports])];
    this.#addresses = addresses && new Set([...(this.#addresses ?? []), ...addresses]);
    for (const address of this.#addresses ?? ['0.0.0.0']) await this.#listenAt(address);
  }

  /** A name leads there. */
  async standAt(address: string): Promise<void> {
    if (!this.#addresses || this.#addresses.has(address)) return;
    this.#addresses.add(address);
    await this.#listenAt(address);
  }

  /** Copies of a request come of their own accord, some after its answer: a connection each, besides the request's own. */
  async copies(wanted: number): Promise<void> {
    const areThere = (): boolean => this.arrivals.filter(({ spoke }) => spoke).length > wanted;
    for (let left = patienceMs; wanted > 0 && left > 0 && !areThere(); left -= 4) await sleep(4);
    // The handshake or the request is read a moment after the first byte.
    if (wanted > 0) await sleep(20);
  }

  async #listenAt(address: string): Promise<void> {
    for (const port of this.#ports) {
      const key = `${address}:${port}`;
      if (this.#open.has(key)) continue;
      this.#open.add(key);
      const server = createServer((socket) => this.#arrived(socket, port)).listen(port, address);
      await once(server, 'listening');
    }
  }

  #arrived(socket: Socket, port: number): void {
    const address = socket.localAddress ?? '';
    const note: Note = { host: nameAt(address), address, port, spoke: false, layers: 0 };
    this.arrivals.push(note);
    this.#read(socket, note);
  }

  #read(socket: Socket, note: Note): void {
    socket.on('error', () => undefined);
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      note.spoke = true;
      const most = this.plainPorts.includes(note.port) ? 0 : 1;
      if (first[0] === 0x16) {
        note.layers++;
        if (note.layers > most) return refuse(socket);
        return this.#endTls(socket, note);
      }
      if (note.layers === 0 && needsTls(note.port)) {
        note.request = requestLine(first);
        return refuse(socket);
      }
      if (!/^[A-Z]/.test(first.toString('latin1'))) {
        note.request = requestLine(first);
        socket.resume();
        return socket.end('ok\n');
      }
      return this.#speak(socket, first, note);
    });
  }

  #endTls(socket: Socket, note: Note): void {
    const inner = new TLSSocket(socket, {
      isServer: true,
      requestCert: true,
      rejectUnauthorized: false,
      secureContext: this.#contextFor(undefined, note.host),
      SNICallback: (name, done) => {
        note.sni = name;
        done(null, this.#contextFor(name, note.host));
      },
      // HTTP/2 for those alone that speak nothing else.
      ALPNProtocols: ['http/1.1', 'h2'],
    });
    inner.once('secure', () => {
      const shown = inner.getPeerCertificate();
      if (shown?.subjectaltname) note.client = shown.subjectaltname;
    });
    this.#read(inner, note);
  }

  #speak(socket: Socket, first: Buffer, note: Note): void {
    if (!first.toString('latin1').startsWith('PRI * HTTP/2')) {
      this.#notes.set(socket, note);
      this.#http.emit('connection', socket);
      socket.resume();
      return;
    }
    // http2 would read the socket itself, without what was put back.
    this.#http2.once('session', (session) => this.#notes.set(session, note));
    this.#http2.emit('connection', Duplex.from({ readable: socket, writable: socket }));
  }

  #contextFor(sni: string | undefined, dialled: string): SecureContext {
    const { by, names, only, expired = false, isPublic } = this.certificate;
    const wanted = only ? names : [sni ?? dialled, ...names];
    const all = isPublic ? wanted.filter((name) => !looksInCluster(name, 'cluster.local')) : wanted;
    const key = JSON.stringify([by, all, expired]);
    const own = { name: 'site', names: all.filter((name) => !name.includes('*')), expired };
    const known = this.#certificates.get(key) ?? issue(own, by === 'nobody' ? undefined : this.#authorities[by]);
    this.#certificates.set(key, known);
    // Made anew, and without tickets: on a session that is resumed nobody looks at a certificate again.
    const options = {
      maxVersion: 'TLSv1.2',
      secureOptions: constants.SSL_OP_NO_TICKET,
      sessionIdContext: 'site',
    } as const;
    return createSecureContext({ key: known.key, cert: known.certificate, ...options });
  }

  #status(): number {
    return this.site === 'failing' ? 503 : 200;
  }

  #noteRequest(note: Note | undefined, request: IncomingMessage, authority: string): void {
    if (!note) return;
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
    // A connection of HTTP/2 may have had another request before; a copy may be read when the next request is asked already.
    const isFirst = !note.request;
    const own = isFirst ? note : { ...note };
    if (!isFirst) this.arrivals.push(own);
    own.request = {
      version: request.httpVersion,
      method: request.method ?? '',
      path: request.url ?? '',
      authority,
      headers: Object.fromEntries(headers),
    };
  }
}

const refusal = 'HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';

function refuse(socket: Socket): void {
  socket.resume();
  socket.end(refusal);
}

function requestLine(bytes: Buffer): ArrivedRequest {
  const text = bytes.toString('latin1');
  const [, method = '', path = '', version = ''] = /^(\S+) (\S+) HTTP\/(\S+)\r\n/.exec(text) ?? [];
  const authority = /\r\nhost: *([^\r]*)/i.exec(text)?.[1] ?? '';
  return { version, method, path, authority, headers: {} };
}
