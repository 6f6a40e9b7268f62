// A client of HBONE: a connection of the client's in an HTTP/2 CONNECT stream, over mutual TLS with the client's own identity.
import { readFileSync } from 'node:fs';
import { constants, type ClientHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { HboneSessions } from '../../../kit/network/hbone.ts';
import { identityOf } from '../certificates.ts';
import type { ToWaypoint } from './way.ts';

export class Hbone {
  readonly #root: Buffer;
  readonly #sessions = new HboneSessions();

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

  #session({ client, waypoint }: ToWaypoint): ClientHttp2Session {
    const expected = `URI:${identityOf(waypoint.namespace, waypoint.account)}`;
    return this.#sessions.get(`${client.ip} ${client.identity} ${waypoint.ip}`, () => ({
      ip: waypoint.ip,
      port: waypoint.port,
      from: client.ip,
      cert: readFileSync(`${client.identity}.crt`),
      key: readFileSync(`${client.identity}.key`),
      ca: this.#root,
      // The certificate of a waypoint's pod names its account, not its address.
      checkServerIdentity: (_, { subjectaltname = '' }) =>
        subjectaltname.split(', ').includes(expected) ? undefined : new Error(`${subjectaltname} is not ${expected}`),
    }));
  }
}
