import { credentialOf } from '../../mesh/destination-rules/credential.ts';
import {
  gatewayReader,
  sidecarReader,
  waypointReader,
  type SecretReader,
} from '../../mesh/destination-rules/secret-access.ts';
import { couldHaveSidecars } from '../../mesh/clients/data-plane.ts';
import { neededKeys, type SecretPart } from '../../mesh/destination-rules/secret-parts.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { serverCredentials } from '../../mesh/routes/server-credentials.ts';
import type { Field } from '../../model/field.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import type { ClientTls } from '../../model/specs.ts';
import { tlsInputs } from '../shared/inputs.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { appliedBlocks, firstOfEachBlock } from './applied/applied-blocks.ts';
import { gatewayCredentials } from './applied/gateway-blocks.ts';
import { externalHostsOf, originates, tlsBlocksOf } from './faults/faults-of-rule.ts';

interface Needed {
  readonly field: Field<string>;
  readonly part: SecretPart;
  /** Begins the message. */
  readonly effect: string;
}

export const credentialLacksKeys = defineRule({
  id: 'credential-lacks-keys',
  stage: 'tls',
  summary: 'Connections fail because a Secret of a waypoint or gateway lacks the keys that TLS needs.',
  severity: 'warning',
  since: '0.2.0',
  peers: ['IST0161'],
  subjects: ['DestinationRule', 'IstioGateway', 'Gateway'],
  isOfIstioWaypoints: true,
  inputs: [...tlsInputs, 'IstioGateway', 'VirtualService', 'Secret', 'Role', 'RoleBinding', 'Pod', 'Workload'],

  *check(subject: AnyResource<'DestinationRule' | 'IstioGateway' | 'Gateway'>, mesh): Iterable<RuleFinding<object>> {
    const needed = subject.kind === 'DestinationRule' ? neededByRule(mesh, subject) : neededByServers(mesh, subject);
    for (const { field, part, effect } of needed) {
      if (part.isForRoots) {
        yield {
          at: field.span,
          message: `${effect}: of a Secret whose name ends with -cacert, such as ${field.value}, Istio hands out only the CA certificate, and no certificate with a key.`,
          data: {},
        };
        continue;
      }
      const { secret, present, use, names } = part;
      if (!secret || present !== 'no') continue;
      const keys = secret.spec.keys;
      const other = names.find((name) => name !== secret.name);
      const elsewhere = use === 'roots' && secret.name !== names[0] ? `, and no Secret ${other} has it` : '';
      yield {
        at: field.span,
        message: `${effect}: ${describe(secret)} has ${keys.join(', ')} and lacks ${neededKeys(use)}${elsewhere}.`,
        related: [{ resource: secret, at: secret.at.name, message: `${describe(secret)} is here.` }],
        data: {},
      };
    }
  },
});

function neededByRule(mesh: Mesh, rule: Resource<'DestinationRule'>): readonly Needed[] {
  const atWaypoints = firstOfEachBlock(appliedBlocks(mesh, rule)).flatMap(({ block: { tls }, on, waypoint }) =>
    partsFor(mesh, tls, waypointReader(waypoint), `Requests to ${on.host} fail`),
  );
  const atGateways = gatewayCredentials(mesh, rule).flatMap(({ block: { tls }, on, pods }) =>
    partsFor(
      mesh,
      tls,
      gatewayReader(mesh, pods),
      `Requests to ${on.host} fail at egress gateway ${pods.namespace}/${pods.name}`,
    ),
  );
  const all = [...atWaypoints, ...atGateways, ...atSidecars(mesh, rule)];
  return all.filter(
    ({ field, part }, i) => all.findIndex((one) => one.field === field && one.part.use === part.use) === i,
  );
}

/** Sidecars read Secrets for a rule with a selector only, which counts in its own namespace. §E.44. */
function atSidecars(mesh: Mesh, rule: Resource<'DestinationRule'>): readonly Needed[] {
  const [on] = rule.spec.workloadSelector ? externalHostsOf(mesh, rule) : [];
  if (!on || !couldHaveSidecars(mesh, rule.namespace)) return [];
  const reader = sidecarReader({ namespace: rule.namespace, serviceAccount: 'default' });
  return tlsBlocksOf(rule)
    .filter(({ tls }) => originates(tls))
    .flatMap(({ tls }) => partsFor(mesh, tls, reader, `Requests of sidecars to ${on.host} fail`));
}

function partsFor(mesh: Mesh, tls: ClientTls, reader: SecretReader, effect: string): readonly Needed[] {
  const credential = credentialOf(mesh, tls, reader);
  if (credential?.state !== 'read') return [];
  const { field, parts } = credential;
  return parts.map((part) => ({ field, part, effect }));
}

function neededByServers(mesh: Mesh, gateway: AnyResource<'IstioGateway' | 'Gateway'>): readonly Needed[] {
  return serverCredentials(mesh, gateway).flatMap(({ field, port, parts }) =>
    parts.map((part) => ({ field, part, effect: `TLS connections to port ${port} of ${describe(gateway)} fail` })),
  );
}
