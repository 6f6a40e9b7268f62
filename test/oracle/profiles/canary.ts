// Meshes with a second waypoint for a share of the traffic, and Gateways of other classes.
import fc from 'fast-check';
import { names } from '../queried-names.ts';
import { calls, manifestsOf, type Profile } from '../generate.ts';
import { entries, frame, maybe, some, type Manifest } from './parts.ts';

const labels = fc.record({
  'istio.io/use-waypoint-canary': some<string | undefined>('side', 'side', 'gate', 'none', 'nowhere', '', undefined),
  'istio.io/use-waypoint-canary-namespace': some<string | undefined>(undefined, 'red', 'red', 'blue'),
});
const annotations = fc.record({
  'istio.io/use-waypoint-canary-weight': some<string | undefined>('0', '20', '100', '101', '-1', 'x', '+5', undefined),
});
const given = fc.record({ labels: maybe(labels, 2), annotations: maybe(annotations, 2) });

interface Metadata {
  readonly labels?: object | undefined;
  readonly annotations?: object | undefined;
}

function withMore(manifest: Manifest, more: Metadata | undefined): Manifest {
  const metadata = manifest['metadata'] as Metadata;
  return {
    ...manifest,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...more?.labels },
      annotations: { ...metadata.annotations, ...more?.annotations },
    },
  };
}

const gateway = fc
  .record({
    name: some('side', 'gate'),
    namespace: some('red', 'blue'),
    from: some('Same', 'All', 'All'),
    traffic: some(undefined, undefined, 'service', 'workload'),
    gatewayClassName: some('istio-waypoint', 'istio-waypoint', 'istio-agentgateway-waypoint', 'classy', 'istio'),
  })
  .map(
    ({ name, namespace, from, traffic, gatewayClassName }): Manifest => ({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name, namespace, labels: { 'istio.io/waypoint-for': traffic, 'istio.io/rev': 'canary' } },
      spec: {
        gatewayClassName,
        listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE', allowedRoutes: { namespaces: { from } } }],
      },
    }),
  );
const classy = some<string | undefined>(undefined, 'all', 'none').map(
  (traffic): Manifest => ({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name: 'classy', labels: { 'istio.io/waypoint-for': traffic } },
    spec: { controllerName: 'istio.io/mesh-controller' },
  }),
);

const manifests = fc
  .tuple(frame, entries, fc.array(given, { minLength: 10, maxLength: 10 }), gateway, maybe(classy))
  .map(([start, own, more, second, described]) => {
    const named = [...start, ...own].map((one, i) =>
      one['kind'] === 'Gateway' ? one : withMore(one, more[i % more.length]),
    );
    const { name, namespace } = second['metadata'] as { readonly name: string; readonly namespace: string };
    const free = named.every(
      ({ kind, metadata }) =>
        kind !== 'Gateway' ||
        (metadata as typeof second & { name: string; namespace: string }).name !== name ||
        (metadata as { namespace: string }).namespace !== namespace,
    );
    return manifestsOf(named, free ? [second] : [], described ? [described] : []);
  });

export const canary: Profile = { sample: fc.noBias(fc.record({ manifests, calls })), names, asks: 'canary' };
