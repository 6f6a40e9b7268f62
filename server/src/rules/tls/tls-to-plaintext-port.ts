import type { Mesh } from '../../mesh/mesh.ts';
import { tlsOfRule } from '../../mesh/destination-rules/upstream-tls.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { isContested } from '../shared/port-conflict.ts';
import { negotiatorOn } from '../../names/well-known-ports.ts';
import { defineRule, type Change } from '../rule.ts';
import { isContradicted } from './applied/is-contradicted.ts';
import { appliedRule } from './applied/applied-rule.ts';
import { originates } from './faults/faults-of-rule.ts';
import { isRerouted } from '../../mesh/routes/rerouted.ts';
import {
  arrivesInTls,
  isExternal,
  plaintextToTlsPorts,
  targetPortsOf,
  tlsSiblingOf,
} from '../../mesh/hosts/target-ports.ts';
import { rulesAnywhere } from '../../mesh/destination-rules/matching-rules.ts';
import { hostsOfEntry } from '../../mesh/hosts/hosts-of-entry.ts';
import { routeInputs, tlsInputs } from '../shared/inputs.ts';

type Entry = Resource<'ServiceEntry'>;

export const tlsToPlaintextPort = defineRule({
  id: 'tls-to-plaintext-port',
  stage: 'tls',
  summary: 'TLS is originated to a port that expects plaintext, so requests fail.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['ServiceEntry'],
  isOfIstioWaypoints: true,
  inputs: [...tlsInputs, ...routeInputs],

  *check(entry, mesh) {
    // A waypoint that resolves the host as it is called sends TLS to 443, whichever port the client calls.
    if (entry.spec.resolution?.value === 'DYNAMIC_DNS') return;
    for (const port of isExternal(entry) && !isContradicted(mesh, entry) ? entry.spec.ports : []) {
      const target = targetPortsOf(entry, port).find(
        ({ number }) => tlsSiblingOf(number) !== undefined || negotiatorOn(number),
      );
      const meeting = target && !arrivesInTls(port) && originationOf(mesh, entry, port);
      if (!meeting) continue;
      const { host, rule } = meeting;
      yield {
        at: target.at,
        message: messageFor(rule, port, target.number, host),
        related: [
          {
            resource: rule,
            at: tlsOfRule(rule, port.number!.value).span,
            message: `TLS to ${host} is set here.`,
          },
        ],
        data: { index: port.index, target: target.number },
        // TLS that works on another port of the ServiceEntry is intended for that port; clients may never call this one.
        ...(isIntendedElsewhere(entry, rule, port) ? { severity: 'information' as const } : {}),
      };
    }
  },

  *fixes({ index, target }, entry, mesh) {
    const port = entry.spec.ports[index];
    const sibling = tlsSiblingOf(target);
    if (port && sibling && hostsOfEntry(entry).every((host) => isOriginated(mesh, entry, port, host, sibling)))
      yield {
        title: `Send it to port ${sibling}`,
        safety: target === 80 ? 'safe' : 'unsafe',
        changes: redirecting(entry, port, target, sibling),
      };
  },
});

function messageFor(rule: Resource<'DestinationRule'>, port: ServiceEntryPort, target: number, host: string): string {
  const negotiator = tlsSiblingOf(target) === undefined ? negotiatorOn(target) : undefined;
  if (negotiator)
    return `The TLS handshake fails: ${describe(rule)} originates TLS with the first byte, but ${negotiator.name} on port ${target} of ${host} begins TLS inside its own protocol.`;
  const isForgotten = target === port.number!.value && !port.targetPort;
  return `The TLS handshake fails: ${describe(rule)} originates TLS, but port ${target} of ${host} usually expects plaintext${isForgotten ? '; set a targetPort' : ''}.`;
}

function originationOf(
  mesh: Mesh,
  entry: Entry,
  port: ServiceEntryPort,
): { host: string; rule: Resource<'DestinationRule'> } | undefined {
  for (const host of hostsOfEntry(entry)) {
    const rule = appliedRule(mesh, entry, port, host);
    if (rule && !isContested(mesh, host, port) && !isRerouted(mesh, entry, port.number!.value, host))
      return { host, rule };
  }
  return undefined;
}

/** The rule speaks TLS for the host, and no rule would then send plaintext there. */
function isOriginated(mesh: Mesh, entry: Entry, port: ServiceEntryPort, host: string, target: number): boolean {
  const isListed = entry.spec.ports.some(({ number }) => number?.value === target);
  return (
    appliedRule(mesh, entry, port, host) !== undefined &&
    rulesAnywhere(mesh, host).every(
      (rule) => !hasSettingsOf(rule, target, isListed) && !dropsTls(rule, port.number?.value ?? 0),
    )
  );
}

/** Settings for a port that clients call as well are meant for that one, unless they originate TLS, which such a port has already. */
function hasSettingsOf({ spec }: Resource<'DestinationRule'>, number: number, isListed: boolean): boolean {
  return (
    spec.trafficPolicy?.portLevelSettings.some(
      ({ port, tls }) => port?.value === number && (!isListed || originates(tls)),
    ) === true
  );
}

/** Its settings for the port replace those for all ports, TLS among them. */
function dropsTls(rule: Resource<'DestinationRule'>, number: number): boolean {
  return originates(rule.spec.trafficPolicy?.tls) && !originates(tlsOfRule(rule, number).tls);
}

function isIntendedElsewhere(entry: Entry, rule: Resource<'DestinationRule'>, port: ServiceEntryPort): boolean {
  const { tls } = tlsOfRule(rule, port.number!.value);
  return plaintextToTlsPorts(entry).some(({ number }) => tlsOfRule(rule, number!.value).tls === tls);
}

/** An endpoint that names the port itself is changed there. */
function redirecting(entry: Entry, port: ServiceEntryPort, from: number, to: number): readonly Change[] {
  const name = port.name?.value ?? '';
  const overriding = entry.spec.endpoints.flatMap(({ ports }, i) =>
    ports.get(name) === from ? [['spec', 'endpoints', i, 'ports', name]] : [],
  );
  const paths = overriding.length > 0 ? overriding : [['spec', 'ports', port.index, 'targetPort']];
  return paths.map((path): Change => ({ op: 'set', in: entry, path, value: to }));
}
