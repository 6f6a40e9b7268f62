import { credentialOf, secretBesideRule, type Credential } from '../../mesh/destination-rules/credential.ts';
import { waypointReader } from '../../mesh/destination-rules/secret-access.ts';
import { certificateIn, rootsIn, type SecretPart } from '../../mesh/destination-rules/secret-parts.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Field } from '../../model/field.ts';
import type { ClientTls } from '../../model/specs.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { defineRule, type Related, type RuleFinding } from '../rule.ts';
import { namesakesOf } from '../../mesh/hosts/namesakes.ts';
import { appliedBlocks, firstOfEachBlock } from './applied/applied-blocks.ts';
import { gatewayCredentials } from './applied/gateway-blocks.ts';
import { tlsInputs } from '../shared/inputs.ts';

export const credentialInWrongNamespace = defineRule({
  id: 'credential-in-wrong-namespace',
  stage: 'tls',
  summary:
    "Requests fail because a Secret is in the DestinationRule's namespace, and a waypoint or gateway reads only its own namespace.",
  severity: 'warning',
  since: '0.1.0',
  subjects: ['DestinationRule'],
  isOfIstioWaypoints: true,
  inputs: [...tlsInputs, 'IstioGateway', 'VirtualService', 'Pod', 'Workload', 'Secret', 'Role', 'RoleBinding'],

  *check(rule, mesh): Iterable<RuleFinding<object>> {
    const told = new Set<Field<string>>();
    for (const {
      block: { tls },
      waypoint,
    } of firstOfEachBlock(appliedBlocks(mesh, rule))) {
      const credential = credentialOf(mesh, tls, waypointReader(waypoint));
      if (!credential || (credential.state === 'refused' && credential.reason !== 'other-namespace')) continue;
      const { field } = credential;
      const at =
        credential.state === 'refused'
          ? named(field.value)
          : besideRule(
              mesh,
              credential.parts.filter(({ kind }) => kind === 'Secret'),
              rule.namespace,
              waypoint.namespace,
            );
      if (!at) {
        if (credential.state === 'read') yield* elsewhere(mesh, waypoint, credential);
        continue;
      }
      // istio@86c9f01 pilot/pkg/model/credentials/resource.go ParseResourceName; pilot/pkg/xds/sds.go filterAuthorizedResources.
      told.add(field);
      yield {
        at: field.span,
        message: `TLS fails: ${describe(waypoint)} reads Secrets only from namespace ${waypoint.namespace}, and ${at.name} is in ${at.namespace}.`,
        related: at.related,
        data: {},
      };
    }
    yield* atGateways(mesh, rule, told);
  },
});

/** The files have a Secret of that name, but in a namespace that neither the rule nor the waypoint is in: the cluster may have another. */
function* elsewhere(
  mesh: Mesh,
  waypoint: Resource<'Gateway'>,
  { field, parts }: Extract<Credential, { state: 'read' }>,
): Iterable<RuleFinding<object>> {
  const { namespace } = waypoint;
  const at = inThirdNamespace(
    mesh,
    parts.filter(({ kind }) => kind === 'Secret'),
    namespace,
  );
  if (at)
    yield {
      at: field.span,
      severity: 'information',
      message: `TLS fails unless Secret ${namespace}/${at.name} exists: ${describe(waypoint)} reads Secrets only from namespace ${namespace}, and ${at.name} is in ${at.namespace}.`,
      related: at.related,
      data: {},
    };
}

/** Where the files show neither that the Secret is there nor that it is missing. */
function inThirdNamespace(mesh: Mesh, parts: readonly SecretPart[], needed: string): Place | undefined {
  const names = parts.filter(({ secret, present }) => !secret && present === 'unknown').flatMap((part) => part.names);
  const [found] = names.flatMap((name) => namesakesOf(mesh, 'Secret', needed, name));
  return (
    found && {
      namespace: found.namespace,
      name: found.name,
      related: [{ resource: found, at: found.at.name, message: 'The Secret is here.' }],
    }
  );
}

/** What an egress gateway reads; that its namespace has no such Secret is in no file, so the finding has a condition. */
function* atGateways(
  mesh: Mesh,
  rule: Resource<'DestinationRule'>,
  told: ReadonlySet<Field<string>>,
): Iterable<RuleFinding<object>> {
  for (const { block, field, pods, namespace, name } of gatewayCredentials(mesh, rule)) {
    if (told.has(field)) continue;
    const gateway = `egress gateway ${pods.namespace}/${pods.name}`;
    const only = `${gateway} reads Secrets only from namespace ${pods.namespace}, and ${name} is in`;
    if (namespace !== pods.namespace) {
      yield { at: field.span, message: `TLS fails: ${only} ${namespace}.`, data: {} };
      continue;
    }
    const parts = partsOf(mesh, block.tls, namespace, name);
    const at = besideRule(mesh, parts, rule.namespace, namespace) ?? inThirdNamespace(mesh, parts, namespace);
    if (at)
      yield {
        at: field.span,
        severity: 'information',
        message: `TLS fails unless Secret ${namespace}/${name} exists: ${only} ${at.namespace}.`,
        related: at.related,
        data: {},
      };
  }
}

function partsOf(mesh: Mesh, tls: ClientTls, namespace: string, name: string): readonly SecretPart[] {
  return tls.mode?.value === 'MUTUAL' ? [certificateIn(mesh, namespace, name)] : [rootsIn(mesh, namespace, name)];
}

interface Place {
  readonly namespace: string;
  readonly name: string;
  readonly related: readonly Related[];
}

function named(credential: string): Place {
  const [namespace = '', name = ''] = credential.replace(/^[a-z]+:\/\//, '').split('/');
  return { namespace, name, related: [] };
}

/** A Secret of that name with the rule and none with the waypoint. */
function besideRule(mesh: Mesh, parts: readonly SecretPart[], own: string, needed: string): Place | undefined {
  const secret = secretBesideRule(mesh, parts, own, needed);
  return (
    secret && {
      namespace: own,
      name: secret.name,
      related: [{ resource: secret, at: secret.at.name, message: 'The Secret is here.' }],
    }
  );
}
