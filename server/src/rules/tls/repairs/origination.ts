// What fixes write: the DestinationRule that originates TLS for a host, and the same settings inside a rule that is there.
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
  if (!needsPortLevel(entry) && others(mesh, entry, host).every((other) => !needsPortLevel(other)))
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
  const numbers = plaintextToTlsPorts(entry).map(({ number }) => number!.value);
  return others(mesh, entry, host).some((other) => {
    const meant = plaintextToTlsPorts(other);
    return other.spec.ports.some((port) => port.number && numbers.includes(port.number.value) && !meant.includes(port));
  });
}

/** Other entries that a rule for the host is for as well. */
function others(mesh: Mesh, entry: Resource<'ServiceEntry'>, host: string): readonly Resource<'ServiceEntry'>[] {
  const owners = ownersCoveredBy(mesh, host);
  return owners.flatMap(({ resource }) =>
    resource.kind === 'ServiceEntry' && resource.id !== entry.id ? [resource] : [],
  );
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
