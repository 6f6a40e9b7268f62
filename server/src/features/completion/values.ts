// The values that can stand at a place: what other resources make, then what the schema lists.
import type { FieldPath } from '../../base/field-path.ts';
import { matchesPattern } from '../../references/field-pattern.ts';
import type { Candidate } from '../../references/forms/form.ts';
import type { ReferenceField } from '../../references/reference-field.ts';
import { referenceFieldsOf } from '../../references/reference-fields.ts';
import type { Situation } from '../../references/situation.ts';
import { isNewer, servedKinds, type Name } from '../../schema/catalogue.ts';
import { describeField } from '../../schema/describe.ts';
import { standIn } from './manifest-cursor.ts';

export interface ValueChoice extends Candidate {
  readonly isReference: boolean;
}

export interface ValuePlace {
  /** As written; empty where nothing is yet. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly path: FieldPath;
  /** Undefined for a kind that the mesh does not read. */
  readonly situation: Situation | undefined;
  readonly istioVersion: string;
}

export function* valuesAt(place: ValuePlace): Generator<ValueChoice> {
  const { path, situation, istioVersion } = place;
  if (path.length === 1 && path[0] === 'kind') return yield* kindValues(place);
  if (path.length === 1 && path[0] === 'apiVersion') return yield* apiVersionValues(place);
  for (const candidate of candidatesAt(situation, path, 'value')) yield { ...candidate, isReference: true };
  const { now, later } = schemaValues(place, istioVersion);
  for (const value of now) yield plain(value, '');
  yield* habits(place);
  yield* later;
}

/** Whether there is something to choose from. */
export function hasValues(place: Omit<ValuePlace, 'path'>, path: FieldPath): boolean {
  for (const _ of valuesAt({ ...place, path })) return true;
  return false;
}

/** Each brings its apiVersion. */
function* kindValues({ apiVersion, istioVersion }: ValuePlace): Generator<ValueChoice> {
  for (const name of kindsToWrite(istioVersion))
    if (apiVersion === '' || apiVersion === name.apiVersion)
      yield { ...plain(name.kind, name.apiVersion), beside: { apiVersion: name.apiVersion } };
}

/** One that has one kind only brings it. */
function* apiVersionValues({ kind, istioVersion }: ValuePlace): Generator<ValueChoice> {
  const kinds = new Map<string, string[]>();
  for (const name of kindsToWrite(istioVersion))
    if (kind === '' || kind === name.kind)
      kinds.set(name.apiVersion, [...(kinds.get(name.apiVersion) ?? []), name.kind]);
  for (const [text, all] of kinds)
    yield { ...plain(text, all.join(', ')), ...(all.length === 1 ? { beside: { kind: all[0]! } } : {}) };
}

/** Values that the target version does not have yet come last. */
function schemaValues(
  { apiVersion, kind, path }: ValuePlace,
  istioVersion: string,
): { readonly now: readonly string[]; readonly later: readonly ValueChoice[] } {
  const description = describeField(apiVersion, kind, path);
  const since = description?.valuesSince ?? {};
  const isIstio = /\.istio\.io\//.test(apiVersion);
  const isLater = (value: string): boolean =>
    isIstio && since[value] !== undefined && isNewer(since[value], istioVersion);
  const values = description?.enum ?? [];
  return {
    now: values.filter((value) => !isLater(value)),
    later: values.filter(isLater).map((value) => plain(value, `since Istio ${since[value]}`)),
  };
}

/** Candidates of the table's rows for a field, or for a key under it. */
export function* candidatesAt(
  situation: Situation | undefined,
  path: FieldPath,
  on: 'key' | 'value',
): Generator<Candidate> {
  if (!situation) return;
  for (const { form } of rowsAt(situation, path, on))
    for (const candidate of form.candidates({ ...situation, path }))
      if (!candidate.text.includes(standIn)) yield candidate;
}

function rowsAt(situation: Situation, path: FieldPath, on: 'key' | 'value'): readonly ReferenceField[] {
  return referenceFieldsOf(situation.kind).filter(
    ({ patterns, applies, on: where = 'value' }) =>
      where === on &&
      patterns.some((pattern) => matchesPattern(pattern, path)) &&
      (!applies || applies({ ...situation, path })),
  );
}

/** Kinds of Kubernetes that are usual in a folder about egress. */
const kubernetesKinds: readonly Name[] = [
  { apiVersion: 'v1', kind: 'Namespace' },
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'v1', kind: 'ServiceAccount' },
  { apiVersion: 'v1', kind: 'Secret' },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
];

const egressKinds = [
  'ServiceEntry',
  'DestinationRule',
  'AuthorizationPolicy',
  'Gateway',
  'VirtualService',
  'HTTPRoute',
];

/** Those that egress is made of first. */
function kindsToWrite(istioVersion: string): readonly Name[] {
  const all = [...servedKinds(istioVersion), ...kubernetesKinds];
  const order = ({ kind }: Name): number => egressKinds.indexOf(kind) + 1 || 99;
  return all.sort((a, b) => order(a) - order(b));
}

function plain(text: string, detail: string): ValueChoice {
  return { text, detail, isReference: false };
}

/** Values that the schema leaves open and that are nearly always one of a few. istio@86c9f01 pkg/config/protocol/instance.go. */
const usualValues: Readonly<Record<string, readonly string[]>> = {
  'ServiceEntry spec.ports.protocol': [
    'HTTP',
    'TLS',
    'HTTPS',
    'TCP',
    'HTTP2',
    'GRPC',
    'MONGO',
    'REDIS',
    'MYSQL',
    'UDP',
  ],
  'ServiceEntry spec.ports.number': ['80', '443'],
  'ServiceEntry spec.ports.targetPort': ['443'],
  'ServiceEntry spec.ports.name': ['http', 'tls', 'tcp'],
  'Gateway spec.servers.port.protocol': ['HTTP', 'HTTPS', 'TLS', 'TCP', 'GRPC', 'HTTP2', 'MONGO'],
  'Gateway spec.listeners.protocol': ['HBONE', 'HTTP', 'HTTPS', 'TLS', 'TCP'],
  'Gateway spec.listeners.port': ['15008', '80', '443'],
  'Gateway spec.gatewayClassName': ['istio-waypoint', 'istio'],
  'BackendTLSPolicy spec.validation.wellKnownCACertificates': ['System'],
  'AuthorizationPolicy spec.rules.to.operation.methods': ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  'AuthorizationPolicy spec.rules.to.operation.notMethods': [
    'GET',
    'HEAD',
    'POST',
    'PUT',
    'PATCH',
    'DELETE',
    'OPTIONS',
  ],
  // istio@86c9f01 pilot/pkg/security/authz/model/model.go New.
  'AuthorizationPolicy spec.rules.when.key': [
    'source.namespace',
    'source.serviceAccount',
    'source.principal',
    'source.ip',
    'remote.ip',
    'destination.port',
    'destination.ip',
    'connection.sni',
    'request.headers[x-name]',
    'request.auth.principal',
    'request.auth.audiences',
    'request.auth.presenter',
    'request.auth.claims[iss]',
  ],
};

function* habits({ kind, path }: ValuePlace): Generator<ValueChoice> {
  const place = path.filter((step) => typeof step === 'string').join('.');
  for (const value of usualValues[`${kind} ${place}`] ?? []) yield plain(value, '');
  if (/Refs?\.group$/.test(place))
    for (const group of ['networking.istio.io', 'gateway.networking.k8s.io']) yield plain(group, '');
  if (/Refs?\.kind$/.test(place))
    for (const target of ['ServiceEntry', 'Gateway', 'Service', 'Hostname']) yield plain(target, '');
}
