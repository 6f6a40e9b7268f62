// Which DestinationRule's TLS is spoken for a port, where that is sure enough to speak of a fault.
import type { Mesh } from '../../../mesh/mesh.ts';
import { tlsOfRule, upstreamTls } from '../../../mesh/destination-rules/upstream-tls.ts';
import type { Resource } from '../../../model/resource.ts';
import type { ClientTls, ServiceEntryPort } from '../../../model/specs.ts';
import { bindWaypoint } from '../../../mesh/binding/waypoint-binding.ts';
import { takesCredential } from '../../../mesh/clients/sidecar-scope.ts';
import { sidecarsCouldApply } from '../../../mesh/clients/sidecar-rule-reach.ts';
import { isReached } from './is-reached.ts';
import { isAmbientHere } from '../../shared/intent.ts';
import { rulesAnywhere } from '../../../mesh/destination-rules/matching-rules.ts';

/**
 * At a bound waypoint the one that it selects. Otherwise the most specific one anywhere: whichever sidecar applies it meets the
 * fault, and where nobody does (ambient without a waypoint) there is none. Client certificates without a waypoint are an
 * agreement with that very server, whose port number then says nothing.
 */
export function appliedRule(
  mesh: Mesh,
  entry: Resource<'ServiceEntry'>,
  port: ServiceEntryPort,
  host: string,
): Resource<'DestinationRule'> | undefined {
  const tls = upstreamTls(mesh, entry, port, host);
  if (tls.binding.state === 'bound')
    return isReached(mesh, entry, host, tls.binding) &&
      tls.state === 'originated' &&
      tls.source.by === 'DestinationRule'
      ? tls.source.rule
      : undefined;
  if (tls.binding.state === 'unbound' && isAmbientHere(mesh, entry)) return undefined;
  const rule = rulesAnywhere(mesh, host).find(({ spec }) => spec.host?.value !== '*');
  if (!rule) return undefined;
  const own = tlsOfRule(rule, port.number?.value ?? 0);
  return own.mode === 'SIMPLE' && isAppliedSomewhere(mesh, rule, entry, own.tls) ? rule : undefined;
}

/** Without a waypoint only sidecars apply rules. What no file says of the waypoint leaves both open. */
export function isAppliedSomewhere(
  mesh: Mesh,
  rule: Resource<'DestinationRule'>,
  entry: Resource<'ServiceEntry'>,
  tls: ClientTls | undefined,
): boolean {
  return (
    bindWaypoint(mesh, entry).state === 'unknown' ||
    (takesCredential(rule, tls) && sidecarsCouldApply(mesh, rule, entry))
  );
}
