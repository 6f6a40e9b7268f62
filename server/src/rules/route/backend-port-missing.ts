import type { FieldPath } from '../../base/field-path.ts';
import type { Span } from '../../base/span.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { BackendRef } from '../../model/specs.ts';
import {
  backendsOf,
  conditionOfIstio,
  gatewayApi,
  isHostname,
  istioNetworking,
  routeKinds,
  type Route,
} from '../shared/route-targets.ts';
import { defineRule, type Change, type Fix, type RuleFinding } from '../rule.ts';

interface Data {
  /** Of the backend. */
  readonly path: FieldPath;
}

export const backendPortMissing = defineRule({
  id: 'backend-port-missing',
  stage: 'route',
  summary:
    'Requests fail, or a route has no effect, because a backend outside the mesh is not a `Hostname` with a port and without a namespace.',
  severity: 'error',
  since: '0.1.0',
  peers: ['IST0171'],
  subjects: routeKinds,
  inputs: ['ServiceEntry', 'Service', 'Gateway', 'GatewayClass'],

  *check(route, mesh): Iterable<RuleFinding<Data>> {
    const condition = conditionOfIstio(mesh, route);
    if (condition === undefined) return;
    for (const { ref, path } of backendsOf(route)) {
      const fault = faultOf(ref);
      if (!fault) continue;
      const effect = fault.losesRoute ? 'This route has no effect' : 'Requests fail with 500';
      const message = `${effect}${condition}: ${fault.why}.`;
      const finding = { at: fault.at, message, data: { path: [...path] } };
      yield condition === '' ? finding : { ...finding, severity: 'information' };
    }
  },

  *fixes({ path }, route, mesh) {
    const ref = backendsOf(route).find((one) => one.path.join() === path.join())?.ref;
    if (ref && isGroupMissing(ref) && !isHostnameKind(ref)) return;
    if (ref && (isGroupMissing(ref) || isHostAsService(ref) || isKindMissing(ref))) yield asHostname(route, path);
    else if (ref && isEntry(ref)) yield* hostInstead(mesh, route, ref, path);
    else if (ref?.namespace) yield* withoutNamespace(mesh, route, ref, path);
    else if (ref) yield* listedPorts(mesh, route, ref, path);
  },
});

interface Fault {
  readonly at: Span;
  readonly why: string;
  /** One such backend loses the whole route; others lose their own share. */
  readonly losesRoute?: boolean;
}

/** istio@86c9f01 pilot/pkg/config/kube/gateway/conversion.go buildDestination, isInvalidBackend. */
function faultOf(ref: BackendRef): Fault | undefined {
  if (isGroupMissing(ref))
    return {
      at: (ref.group ?? ref.kind)!.span,
      why: `kind ${ref.kind!.value} needs \`group: ${istioNetworking}\`${isHostnameKind(ref) ? '' : ' and cannot be a backend; use kind `Hostname` with the host as its name'}`,
    };
  if (isHostAsService(ref))
    return {
      at: ref.name!.span,
      why: `${ref.name!.value} is taken as the name of a Service, which has no dots; a host needs \`kind: Hostname\` and \`group: ${istioNetworking}\``,
      losesRoute: true,
    };
  if (isEntry(ref))
    return {
      at: ref.kind!.span,
      why: 'a ServiceEntry cannot be a backend; use kind `Hostname` with the host as its name',
    };
  if (isKindMissing(ref))
    return {
      at: ref.group!.span,
      why: `group ${istioNetworking} has no kind Service, which a backend without \`kind\` is; a host needs \`kind: Hostname\``,
    };
  if (!isHostname(ref)) return undefined;
  if (ref.namespace) return { at: ref.namespace.span, why: 'a `Hostname` must have no namespace', losesRoute: true };
  if (ref.port) return undefined;
  const backend = ref.name ? `backend ${ref.name.value}` : 'the backend';
  return {
    at: ref.name?.span ?? ref.span,
    why: `${backend} has no port, and a \`Hostname\` needs one`,
    losesRoute: true,
  };
}

/** Without a group the reference is to a kind of Kubernetes' own, which has neither. */
function isGroupMissing({ group, kind }: BackendRef): boolean {
  return (
    (kind?.value === 'Hostname' || kind?.value === 'ServiceEntry') &&
    (group === undefined || ['', 'core', gatewayApi, `${istioNetworking}/v1`].includes(group.value))
  );
}

function isHostAsService({ group, kind, name }: BackendRef): boolean {
  return (
    (group?.value ?? '') === '' && (kind?.value ?? 'Service') === 'Service' && (name?.value.includes('.') ?? false)
  );
}

function isKindMissing({ group, kind }: BackendRef): boolean {
  return group?.value === istioNetworking && (kind?.value ?? 'Service') === 'Service';
}

function isHostnameKind({ kind }: BackendRef): boolean {
  return kind?.value === 'Hostname';
}

function asHostname(route: Route, path: FieldPath): Fix {
  return {
    title: `Set kind: Hostname and group: ${istioNetworking}`,
    safety: 'unsafe',
    changes: [set(route, [...path, 'group'], istioNetworking), set(route, [...path, 'kind'], 'Hostname')],
  };
}

function isEntry({ group, kind }: BackendRef): boolean {
  return group?.value === istioNetworking && kind?.value === 'ServiceEntry';
}

function* withoutNamespace(mesh: Mesh, route: Route, ref: BackendRef, path: FieldPath): Generator<Fix> {
  const ports = ref.port
    ? []
    : portsOf(mesh, ref.name?.value ?? '')
        .slice(0, 1)
        .map((port) => set(route, [...path, 'port'], port));
  if (ref.port || ports.length > 0)
    yield {
      title: 'Remove the namespace',
      safety: 'unsafe',
      changes: [{ op: 'remove', in: route, path: [...path, 'namespace'] }, ...ports],
    };
}

function* listedPorts(mesh: Mesh, route: Route, ref: BackendRef, path: FieldPath): Generator<Fix> {
  const ports = portsOf(mesh, ref.name?.value ?? '');
  for (const port of ports.slice(0, 3))
    yield {
      title: `Send to port ${port}`,
      // Requests that another route may serve come to be sent there.
      safety: 'unsafe',
      changes: [set(route, [...path, 'port'], port)],
    };
}

/** The ServiceEntry with this name, or with this host if the author used the host as the name. */
function* hostInstead(mesh: Mesh, route: Route, ref: BackendRef, path: FieldPath): Generator<Fix> {
  const name = ref.name?.value ?? '';
  const named = mesh.named('ServiceEntry', ref.namespace?.value ?? route.namespace, name)[0];
  const isHost = !named && mesh.hostOwners(name).length > 0;
  const host = isHost ? name : named?.spec.hosts[0]?.value;
  const port = ref.port?.value ?? (host === undefined ? undefined : portsOf(mesh, host)[0]);
  if (host === undefined || port === undefined) return;
  const removal: Change[] = ref.namespace ? [{ op: 'remove', in: route, path: [...path, 'namespace'] }] : [];
  yield {
    title: `Send to the host ${host}`,
    safety: 'unsafe',
    changes: [
      set(route, [...path, 'kind'], 'Hostname'),
      set(route, [...path, 'name'], host),
      set(route, [...path, 'port'], port),
      ...removal,
    ],
  };
}

function portsOf(mesh: Mesh, host: string): readonly number[] {
  const numbers = mesh
    .hostOwners(host)
    .flatMap(({ resource }) =>
      resource.kind === 'ServiceEntry' ? resource.spec.ports.flatMap(({ number }) => number?.value ?? []) : [],
    );
  return [...new Set(numbers)];
}

function set(route: Route, path: FieldPath, value: string | number): Change {
  return { op: 'set', in: route, path, value };
}
