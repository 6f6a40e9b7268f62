// Sessions of HTTP/2 over mutual TLS to port 15008, in which a ztunnel opens tunnels; one for each client and waypoint, as ztunnel pools them.
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { connect } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';

export interface HboneEnd extends Pick<ConnectionOptions, 'cert' | 'key' | 'ca' | 'checkServerIdentity'> {
  readonly ip: string;
  readonly port: number;
  /** The address of the client's pod. */
  readonly from: string | undefined;
}

export class HboneSessions {
  readonly #sessions = new Map<string, ClientHttp2Session>();

  /** The one of that key; `end` tells how a new one is connected. */
  get(key: string, end: () => HboneEnd): ClientHttp2Session {
    const known = this.#sessions.get(key);
    if (known && !known.closed && !known.destroyed) return known;
    const { ip, port, from, ...tls } = end();
    const session = connectHttp2(`https://${ip}:${port}`, {
      createConnection: () =>
        connectTls({
          socket: connect({ host: ip, port, ...(from === undefined ? {} : { localAddress: from }) }),
          ALPNProtocols: ['h2'],
          ...tls,
        }),
    });
    session.on('error', () => this.#sessions.delete(key));
    this.#sessions.set(key, session);
    return session;
  }

  closeAll(): void {
    for (const session of this.#sessions.values()) session.destroy();
    this.#sessions.clear();
  }
}
