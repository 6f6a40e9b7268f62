import type { FieldPath } from '../../base/field-path.ts';
import type { Field } from '../../model/field.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Kind } from '../../model/kinds.ts';
import type { AnyResource, Resource } from '../../model/resource.ts';
import { gatewayApi, parentsOf } from '../shared/route-targets.ts';
import { defineRule, type Change, type Fix, type RuleFinding } from '../rule.ts';
import { namesakesOf } from '../../mesh/hosts/namesakes.ts';
import { waypointNamed } from '../shared/waypoint-objects.ts';

type Subject = AnyResource<'VirtualService' | 'HTTPRoute' | 'GRPCRoute' | 'TLSRoute' | 'TCPRoute'>;

interface Named {
  readonly field: Field<string>;
  readonly path: FieldPath;
  readonly kind: 'IstioGateway' | 'Gateway';
  readonly namespace: string;
  readonly name: string;
}

interface Data extends Pick<Named, 'kind' | 'namespace' | 'name'> {
  /** Where there is one of that name. */
  readonly elsewhere: string | undefined;
  readonly isOfGatewayApi?: boolean;
}

export const unknownGateway = defineRule({
  id: 'unknown-gateway',
  stage: 'reference',
  summary: 'A route has no effect at a Gateway that does not exist.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0101', 'IST0165', 'KIA1102'],
  subjects: ['VirtualService', 'HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'],
  inputs: ['IstioGateway', 'Gateway'],

  *check(route, mesh): Iterable<RuleFinding<Data>> {
    if (route.kind === 'VirtualService') yield* ofGatewayApi(mesh, route);
    const reported = new Set<string>();
    for (const { field, kind, namespace, name } of gatewaysOf(route)) {
      const full = `${namespace}/${name}`;
      // A VirtualService that names a waypoint is `classic-egress-on-waypoint`.
      if (
        reported.has(full) ||
        mesh.named(kind, namespace, name).length > 0 ||
        isOfGatewayApi(mesh, kind, namespace, name) ||
        waypointNamed(mesh, namespace, name) ||
        !mesh.knows(kind, namespace)
      )
        continue;
      reported.add(full);
      // Where no manifest makes a Gateway of either kind, they probably come from elsewhere.
      const madeElsewhere =
        mesh.inNamespace('IstioGateway', namespace).length === 0 && mesh.inNamespace('Gateway', namespace).length === 0;
      const missing = `Gateway ${full}`;
      const outcome = `${route.written.kind} ${route.name} has no effect there`;
      const [namesake] = namesakesOf(mesh, kind, namespace, name);
      const isOpen = madeElsewhere && !namesake;
      const finding = {
        at: field.span,
        message: isOpen
          ? `${outcome} unless the cluster has ${missing}: these files do not.`
          : `${outcome}: there is no ${missing}${namesake ? `, only in namespace ${namesake.namespace}` : ' in these files'}.`,
        related: namesake
          ? [{ resource: namesake, at: namesake.at.name, message: 'This is in another namespace.' }]
          : [],
        data: { kind, namespace, name, elsewhere: namesake?.namespace },
      };
      yield isOpen ? { ...finding, severity: 'information' } : finding;
    }
  },

  *fixes({ kind, namespace, name, elsewhere, isOfGatewayApi: isOther }, route, mesh) {
    if (isOther) return;
    if (elsewhere !== undefined) {
      yield* withNamespace(route, { kind, namespace, name }, elsewhere);
      return;
    }
    const nearest = mesh.nearestName(kind, namespace, name);
    if (nearest === undefined) yield* withoutIt(route, { kind, namespace, name });
    // A second reference to the same would be refused.
    if (
      nearest === undefined ||
      gatewaysOf(route).some((one) => one.kind === kind && one.namespace === namespace && one.name === nearest)
    )
      return;
    const same = gatewaysOf(route).filter(
      (one) => one.kind === kind && one.namespace === namespace && one.name === name,
    );
    const changes = same.map(
      ({ field, path }) => ({ op: 'set', in: route, path, value: field.value.replace(/[^/]*$/, nearest) }) as const,
    );
    yield { title: `Change the name to ${nearest}`, safety: 'unsafe', changes };
  },
});

/**
 * Gateways of Istio's own only: those of the Gateway API get routes by their parentRefs. server/docs/istio-semantics-classic.md §L.75;
 * Istio's generator: such a VirtualService is at no listener.
 */
function* ofGatewayApi(mesh: Mesh, route: Resource<'VirtualService'>): Generator<RuleFinding<Data>> {
  const [named] = gatewaysOf(route).flatMap((one) => {
    const { kind, namespace, name } = one;
    if (mesh.named(kind, namespace, name).length > 0 || !mesh.knows(kind, namespace)) return [];
    const [gateway] = mesh.named('Gateway', namespace, name);
    return gateway && !waypointNamed(mesh, namespace, name) ? [{ ...one, gateway }] : [];
  });
  if (!named) return;
  const { field, kind, namespace, name, gateway } = named;
  yield {
    at: field.span,
    message: `VirtualService ${route.name} has no effect there: Gateway ${namespace}/${name} is of the Gateway API, which takes only routes that name it in parentRefs.`,
    related: [{ resource: gateway, at: gateway.at.name, message: `This is a ${gateway.written.apiVersion} Gateway.` }],
    data: { kind, namespace, name, elsewhere: undefined, isOfGatewayApi: true },
  };
}

/** A VirtualService writes the namespace before the name, in each place. */
function* withNamespace(
  route: Subject,
  { kind, namespace, name }: Pick<Named, 'kind' | 'namespace' | 'name'>,
  elsewhere: string,
): Generator<Fix> {
  if (route.kind !== 'VirtualService') return;
  const full = `${elsewhere}/${name}`;
  const all = gatewaysOf(route);
  if (all.some((one) => one.field.value === full)) return;
  const changes = all
    .filter((one) => one.kind === kind && one.namespace === namespace && one.name === name)
    .map(({ path }): Change => ({ op: 'set', in: route, path, value: full }));
  yield { title: `Use Gateway ${full}`, safety: 'unsafe', changes };
}

/** Where no gateway has a similar name and others are listed: the route then says what it does today. */
function* withoutIt(
  route: Subject,
  { kind, namespace, name }: Pick<Named, 'kind' | 'namespace' | 'name'>,
): Generator<Fix> {
  const isIt = (one: Named) => one.kind === kind && one.namespace === namespace && one.name === name;
  const all = gatewaysOf(route);
  const changes = all.filter(isIt).map(({ path }): Change => ({ op: 'remove', in: route, path }));
  const isLeft = route.kind === 'VirtualService' && route.spec.gateways.length > changes.length;
  if (isLeft && changes.length === 1 && all.every(({ path }) => path[1] === 'gateways'))
    yield { title: `Remove gateway ${name}`, safety: 'unsafe', changes };
}

function gatewaysOf(route: Subject): Named[] {
  if (route.kind !== 'VirtualService') {
    return parentsOf(route, gatewayApi, 'Gateway').flatMap(({ ref, path }) =>
      ref.name
        ? [
            {
              field: ref.name,
              path: [...path, 'name'],
              kind: 'Gateway',
              namespace: ref.namespace?.value ?? route.namespace,
              name: ref.name.value,
            },
          ]
        : [],
    );
  }
  const { gateways, http, tls, tcp } = route.spec;
  const matches = Object.entries({ http, tls, tcp }).flatMap(([protocol, routes]) =>
    routes.flatMap((one, i) =>
      one.matches.flatMap((match, j) =>
        match.gateways.map((field, k) => ({ field, path: ['spec', protocol, i, 'match', j, 'gateways', k] })),
      ),
    ),
  );
  return [...gateways.map((field, i) => ({ field, path: ['spec', 'gateways', i] })), ...matches].flatMap((one) =>
    named(one, route.namespace),
  );
}

/** A VirtualService may mean a Gateway of the Gateway API: then it is not missing, but of another kind. istio@86c9f01 pkg/config/analysis/analyzers/virtualservice/gateways.go. */
function isOfGatewayApi(mesh: Mesh, kind: Kind, namespace: string, name: string): boolean {
  return kind === 'IstioGateway' && mesh.named('Gateway', namespace, name).length > 0;
}

/** `mesh` is not the name of a Gateway. Gateways that Istio generates from the Gateway API have `istio-autogenerated-k8s-gateway` in their name. */
function named({ field, path }: Pick<Named, 'field' | 'path'>, home: string): Named[] {
  const [name = '', namespace = home, ...more] = field.value.split('/').reverse();
  const isOther =
    field.value === 'mesh' || name === '' || more.length > 0 || name.includes('istio-autogenerated-k8s-gateway');
  // The form `name.namespace.svc...` is of old releases. istio@86c9f01 pilot/pkg/model/virtualservice.go resolveGatewayName.
  return isOther || name.includes('.')
    ? []
    : [{ field, path, kind: 'IstioGateway', namespace: namespace === '.' ? home : namespace, name }];
}
