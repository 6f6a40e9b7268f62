// An HTTPRoute for a host's entry, which sidecars apply: beside the entry, or in the namespace of some clients.
import type { Manifest } from '../manifests.ts';
import { type Place } from './place.ts';
import { gatewayService, object } from './world.ts';

export function meshRouteOf({ random, faults, gatewayNamespace, home, host, number }: Place): Manifest {
  const outside = (port: number) => ({ group: 'networking.istio.io', kind: 'Hostname', name: host, port });
  const backends = () =>
    random.pick<readonly Manifest[]>(
      [outside(random.pick(80, 443))],
      [outside(80)],
      [{ kind: 'Service', name: gatewayService, namespace: gatewayNamespace, port: random.either(faults, 8443, 80) }],
      [{ ...outside(80), name: random.pick('a.example.com', 'b.example.com', 'nowhere.example.com') }],
    );
  const path = (type: string, value: string) => ({ matches: [{ path: { type, value } }] });
  const first = random.pick<Manifest>(path('PathPrefix', '/api'), path('Exact', '/'), path('PathPrefix', '/'), {});
  const redirect = { filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }] };
  const rewrite = { filters: [{ type: 'URLRewrite', urlRewrite: { hostname: 'other.example.com' } }] };
  const answered = random.either<object>(0.1, redirect, { ...random.maybe(0.1, rewrite), backendRefs: backends() });
  return object(
    'gateway.networking.k8s.io/v1',
    'HTTPRoute',
    { namespace: random.pick(home, home, 'apps', 'other'), name: `mesh-route-${number}` },
    {
      parentRefs: [
        {
          group: 'networking.istio.io',
          kind: 'ServiceEntry',
          namespace: home,
          name: `entry-${number}`,
          ...random.maybe(0.4, { port: random.either(faults, 443, 80) }),
        },
      ],
      rules: [{ ...first, ...answered }, ...(random.chance(0.5) ? [{ backendRefs: backends() }] : [])],
    },
  );
}
