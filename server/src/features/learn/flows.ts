// The requests of a log, each once with how often and when it was seen, and the accounts behind their addresses.
import { normalisePath, withoutQuery } from '../../eval/http-path.ts';
import { clientIn, type ClientAccount } from '../../eval/log/client-account.ts';
import { hostOfAddress, valueOf, type LogEntry, type LogSource } from '../../eval/log/entry.ts';
import { observe, type Observation } from '../../eval/log/observe.ts';
import type { PathNormalization } from '../../mesh/settings.ts';

export interface Flow
  extends Pick<Observation, 'host' | 'address' | 'port' | 'protocol' | 'isGrpc' | 'method' | 'dialedPort' | 'fate'> {
  /** Undefined where nothing tells the account. */
  readonly client: ClientAccount | undefined;
  /** For users: the account, else the address or the pod. */
  readonly clientText: string;
  /** As policies see it. */
  readonly path: string | undefined;
  readonly count: number;
  readonly first: string | undefined;
  readonly last: string | undefined;
}

/** What else tells an account than the log. */
export interface KnownAccounts {
  readonly ofPod: (pod: LogSource) => ClientAccount | undefined;
  /** `first`: when the log has the address for the first time, for this request. */
  readonly ofAddress: (address: string, first: string | undefined) => ClientAccount | undefined;
  /** Of clients that nothing tells. */
  readonly otherwise: ClientAccount | undefined;
}

interface Seen {
  readonly sample: Observation;
  count: number;
  first: string | undefined;
  last: string | undefined;
}

/** More different requests are not kept, but for the first of a client to a host and port by a method. */
const mostSeen = 40_000;

/** More hosts are not kept: a manifest for each of them would be for nobody to read. */
const mostHosts = 5_000;

export class FlowLog {
  readonly #seen = new Map<string, Seen>();
  readonly #hosts = new Set<string | undefined>();
  /** Clients with a host, port and method. */
  readonly #places = new Set<string>();
  readonly #byAddress = new Map<string, ClientAccount | 'several'>();
  readonly #podOfAddress = new Map<string, LogSource>();
  /** Lines that are no access log, and those about traffic inside the mesh. */
  skipped = 0;
  inside = 0;
  read = 0;
  /** Lines that were not kept, because there were too many different ones. */
  dropped = 0;

  /** Undefined for a line that is no access-log line. */
  add(entry: LogEntry | undefined): void {
    if (!entry) return void this.skipped++;
    this.read++;
    this.#noteAccount(entry);
    const found = observe(entry);
    if (!found) return void this.inside++;
    if (found.clientAddress !== undefined && found.clientPod.pod !== undefined)
      this.#podOfAddress.set(found.clientAddress, found.clientPod);
    this.#count(found);
  }

  flows(known: KnownAccounts, mode: PathNormalization): readonly Flow[] {
    return [...this.#seen.values()].map(({ sample, count, first, last }) => {
      const client = this.#clientOf(sample, first, known);
      const { host, address, port, protocol, isGrpc, method, dialedPort, fate } = sample;
      return {
        host,
        address,
        port,
        protocol,
        isGrpc,
        method,
        dialedPort,
        fate,
        client,
        clientText: client ? `${client.namespace}/${client.serviceAccount}` : placeOf(sample),
        path: pathOf(sample, mode),
        count,
        first,
        last,
      };
    });
  }

  #noteAccount(entry: LogEntry): void {
    const client = clientIn(entry);
    const address = hostOfAddress(valueOf(entry, 'src.addr') ?? valueOf(entry, 'downstream_remote_address'));
    if (!client || address === undefined) return;
    const before = this.#byAddress.get(address);
    const isOther =
      before === 'several' ||
      (before && (before.namespace !== client.namespace || before.serviceAccount !== client.serviceAccount));
    this.#byAddress.set(address, isOther ? 'several' : client);
  }

  #count(found: Observation): void {
    const { time, client, clientAddress, clientPod, host, address, ...rest } = found;
    const who = client ?? clientAddress ?? clientPod;
    const key = JSON.stringify([who, host ?? address, rest]);
    const seen = this.#seen.get(key);
    if (!seen && !this.#hasRoom(who, found)) return void this.dropped++;
    if (!seen) return void this.#seen.set(key, { sample: found, count: 1, first: time, last: time });
    seen.count++;
    if (time === undefined) return;
    if (seen.first === undefined || time < seen.first) seen.first = time;
    if (seen.last === undefined || time > seen.last) seen.last = time;
  }

  /** Paths are dropped before hosts: which hosts are called matters most. */
  #hasRoom(who: unknown, { host, address, port, protocol, method }: Observation): boolean {
    const name = host ?? address;
    if (!this.#hosts.has(name) && this.#hosts.size >= mostHosts) return false;
    const place = JSON.stringify([who, name, port, protocol, method]);
    const isKnown = this.#places.has(place);
    if ((isKnown ? this.#seen : this.#places).size >= mostSeen) return false;
    this.#hosts.add(name);
    this.#places.add(place);
    return true;
  }

  /** An address that had two accounts has none. */
  #clientOf(
    { client, clientAddress, clientPod }: Observation,
    first: string | undefined,
    known: KnownAccounts,
  ): ClientAccount | undefined {
    if (client) return client;
    const told = clientAddress === undefined ? undefined : this.#byAddress.get(clientAddress);
    if (told === 'several') return undefined;
    if (told) return told;
    const pod = clientPod.pod === undefined ? this.#podOfAddress.get(clientAddress ?? '') : clientPod;
    return (
      (pod && known.ofPod(pod)) ??
      (clientAddress === undefined ? undefined : known.ofAddress(clientAddress, first)) ??
      known.otherwise
    );
  }
}

function placeOf({ clientAddress, clientPod: { pod, namespace } }: Observation): string {
  if (pod !== undefined) return namespace === undefined ? `pod ${pod}` : `pod ${namespace}/${pod}`;
  return clientAddress ?? 'an unnamed client';
}

function pathOf({ method, path }: Observation, mode: PathNormalization): string | undefined {
  if (method === undefined || path === undefined) return undefined;
  const normal = normalisePath(path, mode);
  return withoutQuery('path' in normal ? normal.path : path);
}
