// Meshes asked about from pods with a sidecar: what it lets out, and with what TLS it reaches each service.
import fc from 'fast-check';
import { names } from '../queried-names.ts';
import { calls, manifestsOf, type Profile } from '../generate.ts';
import { entries, frame, maybe, rules, some, type Manifest } from './parts.ts';

const host = some('*/*', './*', 'red/*', 'blue/*', '*/one.org', 'red/*.org', 'istio-system/*', '~red/*');
const sidecarOf = fc.record({
  namespace: some('red', 'clients', 'istio-system'),
  workloadSelector: maybe(some({ labels: { app: 'x' } }, { labels: { app: 'y' } }), 1, 1),
  egress: maybe(
    fc.uniqueArray(host, { minLength: 1, maxLength: 3 }).map((hosts) => [{ hosts }]),
    3,
  ),
  outboundTrafficPolicy: maybe(some<Manifest>({ mode: 'ALLOW_ANY' }, { mode: 'REGISTRY_ONLY' }, {}), 1, 1),
});
const sidecars = fc.array(sidecarOf, { maxLength: 2 }).map((all) =>
  all.map(
    ({ namespace, ...spec }, i): Manifest => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'Sidecar',
      metadata: { name: `sidecar-${i}`, namespace },
      // One without anything in it is refused.
      spec:
        spec.egress || spec.outboundTrafficPolicy ? spec : { ...spec, outboundTrafficPolicy: { mode: 'ALLOW_ANY' } },
    }),
  ),
);
/** Names of the certificate that an entry lists itself. */
const listed = fc.array(maybe(some(['one.org'], ['a.org', 'b.org']), 1, 2), { minLength: 6, maxLength: 6 });

const manifests = fc.tuple(frame, entries, listed, rules, sidecars).map(([start, own, lists, ...rest]) =>
  manifestsOf(
    start,
    own.map((entry, i) => ({ ...entry, spec: { ...(entry['spec'] as object), subjectAltNames: lists[i] } })),
    ...rest,
  ),
);

export const sidecar: Profile = {
  sample: fc.noBias(
    fc.record({
      manifests,
      calls,
      mesh: fc.record({
        outboundTrafficPolicy: maybe(
          some('ALLOW_ANY', 'REGISTRY_ONLY').map((mode) => ({ mode })),
          1,
          1,
        ),
      }),
      sidecars: fc.constant([
        { namespace: 'clients', labels: { app: 'x' } },
        { namespace: 'red', labels: { app: 'x' } },
        { namespace: 'red', labels: {} },
      ]),
    }),
  ),
  names,
  asks: 'sidecars',
};
