// What fixes write: the DestinationRule that originates TLS for a host, and the same settings inside a rule that is there.
import { keptIn } from '../../../base/kept-for.ts';
import { protocolKind } from '../../../names/protocols.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import type { WaypointBinding } from '../../../mesh/binding/waypoint-binding.ts';
import type { Resource } from '../../../model/resource.ts';
import type { ClientTls, PortTrafficPolicy, ServiceEntryPort } from '../../../model/specs.ts';
import type { Change, Plain } from '../../rule.ts';
import { plaintextToTlsPorts } from '../../../mesh/hosts/target-ports.ts';
import { ownersCoveredBy } from '../../../mesh/hosts/owners-covered-by.ts';

export type Origination = 'SIMPLE' | 'MUTUAL';

/** A rule for one host of an entry in `namespace`; port by port where the entry also has ports that must stay as they are. */
export function originationRule(
  mesh: Mesh,
  entry: Resource<'ServiceEntry'>,
  host: string,
  namespace: string,
  mode: Origination,
  binding: WaypointBinding,
): Plain {
  const name = freeName(mesh, namespace, `${host.replace(/^\*\./, '')}-tls`);
  const named = namespace === entry.namespace && !entry.at.namespace ? { name } : { name, namespace };
  const exportTo = exportedBeyond(mesh, namespace, binding);
  return {
    apiVersion: entry.written.apiVersion,
    kind: 'DestinationRule',
    metadata: named,
    spec: { host, ...(exportTo ? { exportTo } : {}), trafficPolicy: originationPolicy(mesh, entry, host, mode) },
  };
}

function originationPolicy(mesh: Mesh, entry: Resource<'ServiceEntry'>, host: string, mode: Origination): Plain {
  const ports = plaintextToTlsPorts(entry);
  if (!needsPortLevel(entry) && !hasOther(kinOf(mesh, host).partly, entry))
    return { tls: tlsSettings(entry, ports, host, mode) };
  return {
    portLevelSettings: ports.map((port) => ({
      port: { number: port.number!.value },
      tls: tlsSettings(entry, [port], host, mode),
    })),
  };
}

/** Whether TLS for all ports would also reach one that must not have it: clients speak TLS there, or the host plaintext. */
export function needsPortLevel(entry: Resource<'ServiceEntry'>): boolean {
  return plaintextToTlsPorts(entry).length < entry.spec.ports.length;
}

/** Whether a new rule for the host would also originate TLS for another ServiceEntry that must not have it: a rule cannot distinguish the two. */
export function reachesOthers(mesh: Mesh, entry: Resource<'ServiceEntry'>, host: string): boolean {
  const { unmeant } = kinOf(mesh, host);
  return plaintextToTlsPorts(entry).some(({ number }) => hasOther(unmeant.get(number!.value), entry));
}

/** Entries that a rule for a host is for. Of each kind two, as one of them may be the entry that is asked about. */
interface Kin {
  /** By the number of a port that must not have TLS. */
  readonly unmeant: ReadonlyMap<number, readonly number[]>;
  /** Those with a port that must not have it. */
  readonly partly: readonly number[];
}

/** Thousands may share the host, and each of them may ask. */
function kinOf(mesh: Mesh, host: string): Kin {
  return mesh.derived(`TLS of entries with ${host}`, (view) => {
    const unmeant = new Map<number, number[]>();
    const partly: number[] = [];
    for (const { resource } of ownersCoveredBy(view, host)) {
      if (resource.kind !== 'ServiceEntry') continue;
      const meant = plaintextToTlsPorts(resource);
      for (const port of resource.spec.ports)
        if (port.number && !meant.includes(port))
          addUpToTwo(
            keptIn(unmeant, port.number.value, () => []),
            resource.id,
          );
      if (needsPortLevel(resource)) addUpToTwo(partly, resource.id);
    }
    return { unmeant, partly };
  });
}

function addUpToTwo(ids: number[], id: number): void {
  if (ids.length < 2 && !ids.includes(id)) ids.push(id);
}

function hasOther(ids: readonly number[] | undefined, { id }: Resource): boolean {
  return ids?.some((one) => one !== id) === true;
}

/**
 * Only for HTTP does the waypoint take the server's name, and what to verify, from the request.
 * istio@86c9f01 pilot/pkg/networking/core/cluster_tls.go setAutoSniAndAutoSanValidation (INFER for ports that are not HTTP).
 */
function tlsSettings(
  { spec }: Resource<'ServiceEntry'>,
  ports: readonly ServiceEntryPort[],
  host: string,
  mode: Origination,
): { readonly [key: string]: Plain } {
  // A waypoint compares with the names of the rule only.
  const names = spec.subjectAltNames.map(({ value }) => value);
  const named = !host.startsWith('*') && ports.some(({ protocol }) => protocolKind(protocol?.value) !== 'http');
  const fromHost = named ? { subjectAltNames: [host] } : {};
  return {
    mode,
    ...(mode === 'MUTUAL' ? { credentialName: `${host.replace(/^\*\./, '')}-client` } : {}),
    ...(named ? { sni: host } : {}),
    ...(names.length > 0 ? { subjectAltNames: names } : fromHost),
  };
}

/** Makes a rule for this host originate TLS on a port of the entry, and leaves its other settings. */
export function originateIn(
  rule: Resource<'DestinationRule'>,
  entry: Resource<'ServiceEntry'>,
  port: ServiceEntryPort,
  host: string,
): readonly Change[] {
  const policy = rule.spec.trafficPolicy;
  const tls = tlsSettings(entry, [port], host, 'SIMPLE');
  const own = policy?.portLevelSettings.find((setting) => setting.port?.value === port.number?.value);
  const path = ['spec', 'trafficPolicy'];
  if (own) return setTls(rule, [...path, 'portLevelSettings', own.index, 'tls'], own.tls, tls);
  if (!needsPortLevel(entry) && !policy?.portLevelSettings.length)
    return setTls(rule, [...path, 'tls'], policy?.tls, tls);
  return [
    {
      op: 'append',
      in: rule,
      path: [...path, 'portLevelSettings'],
      value: { port: { number: port.number!.value }, tls },
    },
  ];
}

function setTls(
  rule: Resource<'DestinationRule'>,
  path: (string | number)[],
  tls: ClientTls | undefined,
  value: Plain,
): readonly Change[] {
  return [
    tls ? { op: 'set', in: rule, path: [...path, 'mode'], value: 'SIMPLE' } : { op: 'set', in: rule, path, value },
  ];
}

/** A `tls` block as a fix writes it at another place. */
export function copyOf(tls: ClientTls): { readonly [key: string]: Plain } {
  const texts = {
    mode: tls.mode,
    credentialName: tls.credentialName,
    clientCertificate: tls.clientCertificate,
    privateKey: tls.privateKey,
    caCertificates: tls.caCertificates,
    sni: tls.sni,
    insecureSkipVerify: tls.insecureSkipVerify,
  };
  const set = Object.entries(texts).flatMap(([key, field]) => (field ? [[key, field.value] as const] : []));
  const names = tls.subjectAltNames.map(({ value }) => value);
  return { ...Object.fromEntries(set), ...(names.length > 0 ? { subjectAltNames: names } : {}) };
}

/** The first entry of a port counts. istio@86c9f01 pilot/pkg/networking/util/util.go GetPortLevelTrafficPolicy. */
export function settingFor(rule: Resource<'DestinationRule'>, port: number): PortTrafficPolicy | undefined {
  return rule.spec.trafficPolicy?.portLevelSettings.find((setting) => setting.port?.value === port);
}

/** The name itself, or with a number behind it where it is taken. */
export function freeName(mesh: Mesh, namespace: string, name: string): string {
  for (let i = 1; ; i++) {
    const candidate = i === 1 ? name : `${name}-${i}`;
    if (mesh.named('DestinationRule', namespace, candidate).length === 0) return candidate;
  }
}

/** If rules are private to their namespace by default, `exportTo` must list the waypoint's. */
function exportedBeyond(mesh: Mesh, namespace: string, binding: WaypointBinding): Plain | undefined {
  const to = binding.state === 'bound' ? binding.gateway.namespace : namespace;
  const open = mesh.settings.defaultDestinationRuleExportTo;
  return to === namespace || open.includes('*') || open.includes(to) ? undefined : ['.', to];
}
