import { backendsOf, isHostname, istioNetworking, routeKinds } from '../routes.ts';
import { defineRule } from '../rule.ts';

export const backendPortMissing = defineRule({
  id: 'backend-port-missing',
  stage: 'route',
  summary: 'A backend outside the mesh is not written as a `Hostname` with a port, and without a namespace.',
  severity: 'error',
  since: '0.1.0',
  peers: ['IST0171'],
  subjects: routeKinds,
  inputs: [],

  *check(route) {
    for (const { ref } of backendsOf(route)) {
      // istio@86c9f01 pilot/pkg/config/kube/gateway/conversion.go buildDestination.
      if (ref.group?.value === istioNetworking && ref.kind?.value === 'ServiceEntry') {
        yield { at: ref.kind.span, message: 'A backend is never a ServiceEntry: it is a `Hostname`, named by the host.', data: {} };
      } else if (isHostname(ref) && ref.namespace) {
        yield { at: ref.namespace.span, message: 'A host has no namespace: a `Hostname` with one is refused.', data: {} };
      } else if (isHostname(ref) && !ref.port) {
        yield { at: ref.name?.span ?? ref.span, message: `The backend ${ref.name?.value ?? ''} has no port, and a \`Hostname\` needs one.`.replace('  ', ' '), data: {} };
      }
    }
  },
});
