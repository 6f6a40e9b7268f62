// A client of HBONE: a connection of the client's in an HTTP/2 CONNECT stream, over mutual TLS with the client's own identity.
import { readFileSync } from 'node:fs';
import { connect as connectHttp2, constants, type ClientHttp2Session } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { identityOf } from '../certificates.ts';
import type { ToWaypoint } from './way.ts';

export class Hbone {
  readonly #root: Buffer;
  readonly #sessions = new Map<string, ClientHttp2Session>();

  /** `root` is the mesh's. */
  constructor(root: string) {
    this.#root = readFileSync(root);
  }

  carry(socket: Socket, way: ToWaypoint): void {
    const stream = this.#session(way).request({ ':method': 'CONNECT', ':authority': way.target });
    const reset = (): void => void socket.resetAndDestroy();
    stream.on('error', reset);
    stream.on('response', ({ ':status': status }) => {
      if (status !== 200) return reset();
      socket.pipe(stream).pipe(socket);
    });
    stream.on('close', () => {
      if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) reset();
    });
    socket.on('close', () => stream.close());
  }

  /** One for each identity and pod, as ztunnel pools them. */
  #session(way: ToWaypoint): ClientHttp2Session {
    const key = `${way.client.ip} ${way.client.identity} ${way.waypoint.ip}`;
    const known = this.#sessions.get(key);
    if (known && !known.closed && !known.destroyed) return known;
    const session = connectHttp2(`https://${way.waypoint.ip}:${way.waypoint.port}`, {
      createConnection: () => this.#connect(way),
    });
    session.on('error', () => this.#sessions.delete(key));
    this.#sessions.set(key, session);
    return session;
  }

  #connect({ client, waypoint }: ToWaypoint) {
    const expected = `URI:${identityOf(waypoint.namespace, waypoint.account)}`;
    return connectTls({
      socket: connect({ host: waypoint.ip, port: waypoint.port, localAddress: client.ip }),
      cert: readFileSync(`${client.identity}.crt`),
      key: readFileSync(`${client.identity}.key`),
      ca: this.#root,
      ALPNProtocols: ['h2'],
      // The certificate of a waypoint's pod names its account, not its address.
      checkServerIdentity: (_, { subjectaltname = '' }) =>
        subjectaltname.split(', ').includes(expected) ? undefined : new Error(`${subjectaltname} is not ${expected}`),
    });
  }
}
