// The account that a line names as the client's.
import { valueOf, type LogEntry } from './entry.ts';

export interface ClientAccount {
  readonly namespace: string;
  readonly serviceAccount: string;
}

const identity = /^(?:spiffe:\/\/)?[^/]+\/ns\/([^/]+)\/sa\/([^/]+)$/;

/** ztunnel names it only where it used mTLS; Envoy only where the format has `downstream_peer_uri_san`. */
export function clientIn(entry: LogEntry): ClientAccount | undefined {
  const found = identity.exec(valueOf(entry, 'src.identity') ?? valueOf(entry, 'downstream_peer_uri_san') ?? '');
  return found ? { namespace: found[1]!, serviceAccount: found[2]! } : undefined;
}
