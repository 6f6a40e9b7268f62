// A policy that would allow a denied request: as narrow as the line permits, with placeholders where the line says nothing.
import type { Mesh } from '../../mesh/mesh.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { policiesAt } from '../authz/attached-policies.ts';
import { actionOf, isDryRun } from '../authz/evaluate.ts';
import { withoutQuery } from '../http-path.ts';
import { clientIn } from './client-account.ts';
import { hostOfAddress, valueOf, type LogEntry } from './entry.ts';
import { entriesOf } from './link.ts';
import { requestedOf, servedHost } from './requested.ts';

/** A manifest, or a part of one, as plain values. */
type PlainManifest = string | number | readonly PlainManifest[] | { readonly [key: string]: PlainManifest };

export interface Proposal {
  /** What the manifest is: a whole one, or a list of rules to add to a policy. */
  readonly title: string;
  readonly manifest: PlainManifest;
  /** What must be filled in or looked at before it is applied; one sentence each. */
  readonly fill: readonly string[];
  /** The policy that a rule is to be added to. */
  readonly addTo: Resource<'AuthorizationPolicy'> | undefined;
}

interface WithPlaceholders<T> {
  readonly value: T;
  readonly fill: readonly string[];
}

/** Only for the implicit deny: what a DENY rule matches, no ALLOW rule can allow. */
export function propose(entry: LogEntry, mesh: Mesh | undefined): Proposal | undefined {
  const source = sourceOf(entry);
  const operation = operationOf(entry);
  const rule: PlainManifest = {
    from: [{ source: source.value }],
    ...(operation === undefined ? {} : { to: [{ operation }] }),
  };
  const target = mesh === undefined ? undefined : targetOf(mesh, entry);
  const [policy, ...more] = target?.policies ?? [];
  if (policy && more.length === 0) {
    const fill =
      policy.spec.targetRefs.length > 1 || policy.spec.targetRefs[0]?.kind?.value !== 'ServiceEntry'
        ? ['The policy applies to more hosts than this one: the rule allows the same request there too.']
        : [];
    return {
      title: `A rule to add to ${describe(policy)}`,
      manifest: [rule],
      fill: [...source.fill, ...fill],
      addTo: policy,
    };
  }
  const place = placeOf(entry, target?.entry);
  return {
    title: 'An AuthorizationPolicy that allows it',
    manifest: manifest(place.value, rule),
    fill: [...place.fill, ...source.fill],
    addTo: undefined,
  };
}

/** The entry, where the files leave no doubt, and the ALLOW policies that are for it alone. */
function targetOf(
  mesh: Mesh,
  entry: LogEntry,
):
  | { readonly entry: Resource<'ServiceEntry'>; readonly policies: readonly Resource<'AuthorizationPolicy'>[] }
  | undefined {
  const entries = entriesOf(mesh, entry);
  const [one] = entries;
  if (!one || entries.length > 1) return undefined;
  const binding = bindWaypoint(mesh, one);
  const attached = binding.state === 'bound' ? policiesAt(mesh, binding.gateway, one) : [];
  return { entry: one, policies: attached.filter((policy) => actionOf(policy) === 'ALLOW' && !isDryRun(policy)) };
}

function sourceOf(entry: LogEntry): WithPlaceholders<PlainManifest> {
  const client = clientIn(entry);
  if (client) return { value: { serviceAccounts: [`${client.namespace}/${client.serviceAccount}`] }, fill: [] };
  const address = hostOfAddress(valueOf(entry, 'downstream_remote_address') ?? valueOf(entry, 'src.addr'));
  const where =
    address === undefined
      ? 'the pod that sent it'
      : `the pod with the address ${address} (kubectl get pods -A --field-selector status.podIP=${address})`;
  return {
    value: { serviceAccounts: ['NAMESPACE/SERVICE_ACCOUNT'] },
    fill: [`NAMESPACE/SERVICE_ACCOUNT: the line does not say who called; it is the service account of ${where}.`],
  };
}

/** Undefined where nothing narrows it. Ports are the service's own. */
function operationOf(entry: LogEntry): PlainManifest | undefined {
  const method = valueOf(entry, 'method');
  const path = valueOf(entry, 'path');
  if (method !== undefined)
    return { methods: [method], ...(path === undefined ? {} : { paths: [withoutQuery(path)] }) };
  const { port } = requestedOf(entry);
  return port === undefined ? undefined : { ports: [String(port)] };
}

function placeOf(
  entry: LogEntry,
  target: Resource<'ServiceEntry'> | undefined,
): WithPlaceholders<{ readonly namespace: string; readonly name: string }> {
  if (target) return { value: { namespace: target.namespace, name: target.name }, fill: [] };
  const host = servedHost(entry);
  return {
    value: { namespace: 'SERVICE_ENTRY_NAMESPACE', name: 'SERVICE_ENTRY_NAME' },
    fill: [
      `SERVICE_ENTRY_NAMESPACE and SERVICE_ENTRY_NAME: those of the ServiceEntry${host === undefined ? '' : ` for ${host}`}; the resource's name, not the host.`,
    ],
  };
}

function manifest(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  rule: PlainManifest,
): PlainManifest {
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: name === 'SERVICE_ENTRY_NAME' ? 'allow-egress' : `allow-${name}`, namespace },
    spec: {
      targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name }],
      action: 'ALLOW',
      rules: [rule],
    },
  };
}
