// What is wrong with an answer in this mesh, beside the other answers.
import { isWaypointClass, servesServices, trafficType } from '../../mesh/binding/waypoint-gateway.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { since } from '../../mesh/settings.ts';
import { describe } from '../../model/resource.ts';
import { classicGatewayNamed } from './classic-gateways.ts';
import { isWildcard, partsOf, type RouteAnswerName, type RouteAnswers } from './route-answers.ts';

/** One sentence. */
export function problemInMesh(mesh: Mesh, name: RouteAnswerName, answers: RouteAnswers): string | undefined {
  if (name === 'host') return problemOfHost(mesh, answers);
  if (name === 'tls') return problemOfTls(mesh, answers);
  return name === 'gateway' ? problemOfGateway(mesh, answers) : undefined;
}

const hasWildcard = ({ host }: RouteAnswers) => partsOf(host).some(isWildcard);

/** §2.26. */
function problemOfHost({ settings }: Mesh, answers: RouteAnswers): string | undefined {
  if (!hasWildcard(answers) || since(settings, '1.28')) return undefined;
  return `A wildcard needs Istio 1.28 or newer, and these files are for ${settings.istioVersion}. Give each host by its name.`;
}

function problemOfTls({ settings }: Mesh, answers: RouteAnswers): string | undefined {
  if (answers.tls !== 'pass-through' || !hasWildcard(answers)) return undefined;
  if (settings.wildcardTls === true && since(settings, '1.29')) return undefined;
  return 'TLS of clients passes to names below a wildcard only where istiod has ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS=true. Let the waypoint originate TLS.';
}

function problemOfGateway(mesh: Mesh, answers: RouteAnswers): string | undefined {
  const [namespace = '', name = ''] = (answers.gateway ?? '').split('/');
  const [gateway] = mesh.named('Gateway', namespace, name);
  if (
    gateway &&
    (isWaypointClass(gateway, mesh.settings) !== true || servesServices(trafficType(mesh, gateway)) !== true)
  )
    return `${describe(gateway)} is not a waypoint for ServiceEntries. Choose another one.`;
  if (!classicGatewayNamed(mesh, { namespace, name })) return undefined;
  // §E.13: nothing resolves the names at a classic gateway.
  if (hasWildcard(answers))
    return 'A wildcard goes through a waypoint only: a classic egress gateway sends it nowhere. Choose a waypoint.';
  if (answers.tls === 'pass-through' && partsOf(answers.callers).length > 0)
    return 'A classic egress gateway does not know who sends TLS that passes through. Choose a waypoint, all clients (*), or let the gateway originate TLS.';
  return undefined;
}
