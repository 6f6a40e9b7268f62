// TLS that the egress gateway has originated, originated by the waypoint: it reads rules of its own namespace, for the port that clients call.
import type { FieldPath } from '../../../base/field-path.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { portOf } from '../../../mesh/routes/chain-of-port.ts';
import type { Resource } from '../../../model/resource.ts';
import { secretReaders } from '../../../rules/shared/written-manifests.ts';
import type { Change } from '../../../rules/rule.ts';
import { isList, isMap, type Plain, type PlainMap } from '../../../yaml/plain.ts';
import { mapIn } from '../refactoring.ts';
import type { ClassicWay } from './classic-set.ts';

type Rule = Resource<'DestinationRule'>;

export interface MovedTls {
  readonly changes: readonly Change[];
  readonly lost: readonly string[];
}

const nothing: MovedTls = { changes: [], lost: [] };

/** Undefined where the rule has the settings at a place from which they are not taken. */
export function moveTls(
  mesh: Mesh,
  way: ClassicWay,
  waypoint: string,
  written: (rule: Rule) => PlainMap | undefined,
): MovedTls | undefined {
  if (!way.tls) return nothing;
  const { source } = way.tls;
  if (source.by !== 'DestinationRule') return movePolicy(way, source.policy);
  const policy = mapIn(mapIn(written(source.rule), 'spec'), 'trafficPolicy');
  const tls = settingsFor(policy, way.upstreamPort);
  if (!tls) return undefined;
  const named = withNames(tls, way.entry);
  const changes = ruleChanges(mesh, way, source.rule, { policy, tls: named });
  const secret = secretFor(mesh, way, waypoint, tls);
  const lost = [...secret.lost, ...fileNames(tls), ...comparedByNone(way, named)];
  return changes && { changes: [...changes, ...secret.changes], lost };
}

/** A policy is attached to the entry, and names a port by its name: that of the clients' port now. Without a name it is for all ports. */
function movePolicy({ entry, request }: ClassicWay, policy: Resource<'BackendTLSPolicy'>): MovedTls {
  const { targetRefs } = policy.spec;
  const at = targetRefs.findIndex(({ kind, name }) => kind?.value === 'ServiceEntry' && name?.value === entry.name);
  const called = portOf(entry, request.port)?.name?.value;
  if (at >= 0 && targetRefs[at]?.sectionName === undefined) return nothing;
  if (at < 0 || called === undefined)
    return { changes: [], lost: [`BackendTLSPolicy ${policy.name}: attach it to the port that clients call`] };
  const path = ['spec', 'targetRefs', at, 'sectionName'];
  return { changes: [{ op: 'set', in: policy, path, value: called }], lost: [] };
}

/** The settings of the port, else those of all ports. */
function settingsFor(policy: PlainMap, port: number): PlainMap | undefined {
  const own = levels(policy).find((level) => numberOf(level) === port);
  const tls = own ? mapIn(own, 'tls') : mapIn(policy, 'tls');
  return Object.keys(tls).length > 0 ? tls : undefined;
}

/** A gateway takes the names of the entry, which a waypoint does not. */
function withNames(tls: PlainMap, { spec }: Resource<'ServiceEntry'>): PlainMap {
  const names = spec.subjectAltNames.map(({ value }) => value);
  return isVerified(tls) && !listsNames(tls) && names.length > 0 ? { ...tls, subjectAltNames: names } : tls;
}

/** With `sni` and without names neither of the two compares any. */
function comparedByNone({ host }: ClassicWay, tls: PlainMap): readonly string[] {
  const { sni } = tls;
  return isVerified(tls) && !listsNames(tls) && typeof sni === 'string'
    ? [
        `the waypoint accepts a trusted certificate for any name from ${host}, as the egress gateway does: list ${sni} in subjectAltNames`,
      ]
    : [];
}

function isVerified({ mode, insecureSkipVerify }: PlainMap): boolean {
  return (mode === 'SIMPLE' || mode === 'MUTUAL') && insecureSkipVerify !== true;
}

function listsNames({ subjectAltNames: names }: PlainMap): boolean {
  return isList(names) && names.length > 0;
}

function levels(policy: PlainMap): readonly PlainMap[] {
  const listed = policy['portLevelSettings'];
  return isList(listed) ? listed.filter(isMap) : [];
}

function numberOf(level: PlainMap): Plain | undefined {
  return mapIn(level, 'port')['number'];
}

interface Settings {
  readonly policy: PlainMap;
  readonly tls: PlainMap;
}

function ruleChanges(
  mesh: Mesh,
  { entry, host, request, upstreamPort }: ClassicWay,
  rule: Rule,
  { policy, tls }: Settings,
): readonly Change[] | undefined {
  const path = ['spec', 'trafficPolicy', 'portLevelSettings'];
  const [own] = mesh.destinationRules(entry.namespace, host);
  if (!own) {
    const name = rule.namespace === entry.namespace ? `${rule.name}-waypoint` : rule.name;
    return [{ op: 'append-document', after: entry, manifest: ruleFor(name, entry, host, { tls, port: request.port }) }];
  }
  const all = levels(policy);
  const at = all.findIndex((level) => numberOf(level) === upstreamPort);
  if (own !== rule) return addLevel(own, path, { tls, port: request.port });
  const settings = at < 0 ? ['spec', 'trafficPolicy', 'tls'] : [...path, at, 'tls'];
  const named = namesAdded(rule, settings, { policy, tls, at });
  // Settings for all ports are for that of the clients as well.
  if (at < 0 || upstreamPort === request.port) return named;
  if (all.some((level) => numberOf(level) === request.port)) return undefined;
  return [{ op: 'set', in: rule, path: [...path, at, 'port', 'number'], value: request.port }, ...named];
}

/** The names that the settings did not have where they stand. */
function namesAdded(rule: Rule, path: FieldPath, { policy, tls, at }: Settings & { readonly at: number }): Change[] {
  const before = mapIn(at < 0 ? policy : levels(policy)[at], 'tls')['subjectAltNames'];
  const value = tls['subjectAltNames'];
  if (value === undefined || before === value) return [];
  return [{ op: 'set', in: rule, path: [...path, 'subjectAltNames'], value }];
}

interface Level {
  readonly tls: PlainMap;
  readonly port: number;
}

/** Undefined for a rule that has settings for ports already. */
function addLevel(rule: Rule, path: readonly string[], { tls, port }: Level): readonly Change[] | undefined {
  const hasOwn = rule.spec.trafficPolicy !== undefined && rule.spec.trafficPolicy.portLevelSettings.length > 0;
  return hasOwn ? undefined : [{ op: 'set', in: rule, path, value: [{ port: { number: port }, tls }] }];
}

function ruleFor(name: string, { namespace }: Resource<'ServiceEntry'>, host: string, { tls, port }: Level): Plain {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name, namespace },
    spec: { host, trafficPolicy: { portLevelSettings: [{ port: { number: port }, tls }] } },
  };
}

/** A waypoint reads Secrets of its own namespace, and needs permission for client certificates. server/docs/istio-semantics.md §3.27. */
function secretFor(mesh: Mesh, { entry }: ClassicWay, waypoint: string, tls: PlainMap): MovedTls {
  const credential = tls['credentialName'];
  if (typeof credential !== 'string') return nothing;
  const { namespace } = entry;
  const isThere = mesh.named('Secret', namespace, credential).length > 0;
  const lost = isThere ? [] : [`Secret ${credential}: copy it to namespace ${namespace}, where the waypoint reads it`];
  const name = `${waypoint}-secrets`;
  const isAllowed = mesh.named('Role', namespace, name).length > 0;
  if (tls['mode'] !== 'MUTUAL' || isAllowed) return { changes: [], lost };
  return {
    lost,
    changes: secretReaders(namespace, waypoint, name).map(
      (manifest): Change => ({
        op: 'append-document',
        after: entry,
        manifest,
      }),
    ),
  };
}

function fileNames(tls: PlainMap): readonly string[] {
  const files = ['clientCertificate', 'privateKey', 'caCertificates'].filter((key) => typeof tls[key] === 'string');
  return files.length === 0
    ? []
    : [`${files.join(', ')}: files of the gateway's pods, which a waypoint does not have; use credentialName`];
}
