// Meshes with Services of the cluster, and entries that have the same host.
import fc from 'fast-check';
import { calls, manifestsOf, type Profile } from '../generate.ts';
import { entries, frame, maybe, policies, rules, some, type Manifest } from './parts.ts';

const service = fc.record({
  name: some('web', 'web', 'api'),
  namespace: some('red', 'red', 'blue'),
  waypoint: some<string | undefined>(undefined, undefined, 'gate', 'none'),
  exportTo: some<string | undefined>(undefined, undefined, undefined, '.', '*', '~', 'red,blue'),
  clusterIP: some('10.96.0.', '10.96.0.', 'None'),
});
const services_ = fc
  .uniqueArray(service, { minLength: 1, maxLength: 3, selector: ({ name, namespace }) => `${namespace}/${name}` })
  .map((all) =>
    all.map(
      (one, i): Manifest => ({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: {
          name: one.name,
          namespace: one.namespace,
          labels: { 'istio.io/use-waypoint': one.waypoint },
          annotations: { 'networking.istio.io/exportTo': one.exportTo },
        },
        spec: {
          clusterIP: one.clusterIP === 'None' ? 'None' : `${one.clusterIP}${i + 1}`,
          selector: { app: one.name },
          ports: [{ name: 'http', port: 80 }],
        },
      }),
    ),
  );

const clusterHosts: Readonly<Record<string, string>> = {
  'one.org': 'web.red.svc.cluster.local',
  'two.org': 'api.blue.svc.cluster.local',
};

/** The same text with the hosts of Services where it names these. */
function renamed(manifests: readonly Manifest[]): readonly Manifest[] {
  return JSON.parse(
    JSON.stringify(manifests).replace(/"(one\.org|two\.org)"/g, (_, host: string) => `"${clusterHosts[host]}"`),
  ) as readonly Manifest[];
}

export const services: Profile = {
  sample: fc.noBias(
    fc.record({
      manifests: fc
        .tuple(frame, services_, entries, rules, maybe(policies, 1, 1))
        .map(([start, own, ...rest]) => manifestsOf(start, own, ...rest.map((group) => renamed(group ?? [])))),
      calls,
    }),
  ),
  names: ['web.red.svc.cluster.local', 'api.blue.svc.cluster.local', 'api.one.org', 'else.org'],
};
