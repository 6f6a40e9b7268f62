// Meshes with Telemetries at every place that has a say, and with every default below them.
import fc from 'fast-check';
import { names } from '../queried-names.ts';
import { calls, manifestsOf, type Profile } from '../generate.ts';
import { entries, frame, maybe, some, type Manifest } from './parts.ts';

const target = fc.oneof(
  { arbitrary: fc.constant({}), weight: 5 },
  {
    arbitrary: some(0, 0, 1, 1, 2, 3).map((i) => ({
      targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: `entry-${i}` }],
    })),
    weight: 5,
  },
  {
    arbitrary: some('gate', 'gate', 'side').map((name) => ({
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name }],
    })),
    weight: 4,
  },
  {
    arbitrary: fc.constant({
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'GatewayClass', name: 'istio-waypoint' }],
    }),
    weight: 2,
  },
  {
    arbitrary: some({ app: 'x' }, { 'gateway.networking.k8s.io/gateway-name': 'gate' }).map((matchLabels) => ({
      selector: { matchLabels },
    })),
    weight: 1,
  },
);
const logging = fc.record({
  providers: maybe(
    fc
      .uniqueArray(some('envoy', 'file', 'FILE', 'other', 'unheard-of', 'prometheus'), { minLength: 1, maxLength: 2 })
      .map((all) => all.map((name) => ({ name }))),
    3,
  ),
  disabled: maybe(fc.boolean(), 1, 3),
  match: maybe(
    some('CLIENT', 'SERVER', 'CLIENT_AND_SERVER').map((mode) => ({ mode })),
    1,
    2,
  ),
});
const telemetries = fc
  .array(
    fc.record({
      namespace: some('red', 'red', 'blue', 'istio-system'),
      target,
      accessLogging: maybe(fc.array(logging, { minLength: 1, maxLength: 2 }), 5),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((all) =>
    all.map(
      ({ namespace, target: own, accessLogging }, i): Manifest => ({
        apiVersion: 'telemetry.istio.io/v1',
        kind: 'Telemetry',
        metadata: { name: `telemetry-${i}`, namespace },
        spec: { ...own, accessLogging },
      }),
    ),
  );
const mesh = fc.record({
  accessLogFile: some('', '', '/mesh.log'),
  defaultProviders: maybe(
    some(['envoy'], ['file'], ['file', 'other']).map((accessLogging) => ({ accessLogging })),
    1,
    2,
  ),
  extensionProviders: fc.constant([
    { name: 'file', envoyFileAccessLog: { path: '/file.log' } },
    { name: 'other', envoyFileAccessLog: { path: '/other.log' } },
  ]),
});

export const telemetry: Profile = {
  sample: fc.noBias(
    fc.record({
      manifests: fc.tuple(frame, entries, telemetries).map((groups) => manifestsOf(...groups)),
      calls,
      mesh,
    }),
  ),
  names,
  asks: 'logs',
};
