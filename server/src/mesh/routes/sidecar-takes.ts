// Which matches of a VirtualService count at a client's sidecar. server/docs/istio-semantics-classic.md §D.15.
import type { RoutedClient } from './sidecar-question.ts';
import { isForMesh, type Takes } from './virtual-service-entries.ts';

/** §D.15: with `gateways` the source of a request is not looked at; for bytes all conditions count. istio@86c9f01 .../route/route.go TranslateRoute, sourceMatchHTTP; tls.go matchTLS, matchTCP. */
export function takesAtSidecar(
  { namespace, labels, hasAllLabels }: RoutedClient,
  port: number,
  kind: 'http' | 'bytes',
): Takes {
  return ({ port: only, gateways, sourceLabels, sourceNamespace, destinationSubnets }) => {
    if ((only || port) !== port || !isForMesh(gateways)) return false;
    if (kind === 'http' && gateways.length > 0) return true;
    if ((sourceNamespace?.value || namespace) !== namespace) return false;
    const differing = [...sourceLabels].filter(([key, value]) => labels.get(key) !== value);
    // Which address the client dials, no file shows. §D.33
    if (differing.length === 0) return kind === 'bytes' && destinationSubnets.length > 0 ? undefined : true;
    return hasAllLabels || differing.some(([key]) => labels.has(key)) ? false : undefined;
  };
}
