// Our answers about pods with a sidecar.
import { protocolKind } from '../../server/src/names/protocols.ts';
import type { Mesh } from '../../server/src/mesh/mesh.ts';
import {
  outboundPolicy,
  servicesFor,
  takesCredential,
  type SidecarClient,
} from '../../server/src/mesh/clients/sidecar-scope.ts';
import { rulesAtProxy, type AppliedRule } from '../../server/src/mesh/destination-rules/proxy-rules.ts';
import type { Resource } from '../../server/src/model/resource.ts';
import { answerOf } from '../kit/mesh-answer.ts';
import { describeTls, podName } from './answer.ts';
import type { Pod } from './generate.ts';
import type { OurAnswer } from './our-answer.ts';

type Entry = Resource<'ServiceEntry'>;
type More = OurAnswer['more'];

export function sidecarAnswers(mesh: Mesh, entries: readonly Entry[], pods: readonly Pod[]): More {
  return Object.assign({}, ...pods.map((pod) => answersOf(mesh, entries, pod))) as More;
}

function answersOf(mesh: Mesh, entries: readonly Entry[], pod: Pod): More {
  const client: SidecarClient = { namespace: pod.namespace, labels: new Map(Object.entries(pod.labels)) };
  const policy = outboundPolicy(mesh, client.namespace, client.labels);
  const hosts = new Set(entries.flatMap(({ spec }) => spec.hosts.map(({ value }) => value)));
  const clusters = [...hosts].flatMap((host) => {
    const services = servicesFor(mesh, client, host) ?? [];
    const entries = services.filter((one): one is Entry => one.kind === 'ServiceEntry');
    if (entries.length === 0 || entries.length < services.length) return [];
    const [ports = new Set<number>(), ...others] = entries.map((oldest) =>
      portsOf(entries.filter((one) => isPutTo(one, oldest))),
    );
    return [...ports]
      .filter((port) => others.every((other) => other.has(port)))
      .map(
        (port) =>
          [`cluster ${podName(pod)} outbound|${port}||${host}`, tlsWords(mesh, client, entries, host, port)] as const,
      );
  });
  return {
    [`outbound ${podName(pod)}`]: policy.state === 'known' ? [policy.mode] : undefined,
    ...Object.fromEntries(clusters),
  };
}

/** Ports of entries of one namespace are put to those of the oldest. istio@86c9f01 pilot/pkg/model/sidecar.go canMergeServices. */
function isPutTo(one: Entry, oldest: Entry): boolean {
  const alike = ({ spec, labels, namespace }: Entry) =>
    JSON.stringify([
      namespace,
      spec.resolution?.value ?? 'NONE',
      [...labels].map(([key, { value }]) => `${key}=${value}`).sort(),
      spec.exportTo?.map(({ value }) => (value === '.' ? namespace : value)).sort(),
    ]);
  return alike(one) === alike(oldest);
}

function portsOf(entries: readonly Entry[]): ReadonlySet<number> {
  return new Set(
    entries
      .flatMap(({ spec }) => spec.ports)
      .filter(({ protocol }) => protocolKind(protocol?.value) !== 'udp')
      .map(({ number }) => number?.value ?? 0),
  );
}

function tlsWords(
  mesh: Mesh,
  client: SidecarClient,
  entries: readonly Entry[],
  host: string,
  port: number,
): readonly string[] | undefined {
  const target = { host, port, subset: undefined };
  const found = entries.map((owner) => rulesAtProxy(mesh, client, { ...target, owner }));
  const rules = found.flatMap((ways) => ways ?? []);
  if (found.includes(undefined) || rules.some(({ state }) => state === 'not-modelled')) return undefined;
  // Names that entries list are kept by host and namespace, of whichever entry was read last.
  const owners = mesh
    .hostOwners(host)
    .flatMap(({ resource }) =>
      resource.kind === 'ServiceEntry' && entries.some(({ namespace }) => namespace === resource.namespace)
        ? [resource]
        : [],
    );
  const words = rules.flatMap((one) => owners.map((owner) => wordsOf(one, owner)));
  // Whether the server speaks the mesh's own mTLS is not claimed.
  return words.includes('mesh') ? undefined : [...new Set(words)];
}

/** Where the rule lists no names, the entry's count, unless the certificate is not checked. */
function wordsOf(applied: AppliedRule, entry: Entry): string {
  if (applied.state !== 'rule') return 'plain';
  const { rule } = applied;
  const { mode, tls, portLevel, cause } = applied.tls;
  if (cause === 'istio-mutual') return 'mesh';
  if (!mode || !tls || !takesCredential(rule, tls)) return 'plain';
  return describeTls(answerOf({ by: 'DestinationRule', rule, tls, portLevel }, 'http', entry, 'sidecar'));
}
