import { mostRelated } from '../../base/and-more.ts';
import { actionOf } from '../../eval/authz/evaluate.ts';
import { gatewaysWithoutIdentity } from '../../mesh/clients/gateway-identity.ts';
import { serverKind } from '../../mesh/routes/gateway-servers.ts';
import type { Span } from '../../base/span.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { defineRule, type Related } from '../rule.ts';

type Policy = Resource<'AuthorizationPolicy'>;
type AnyGateway = Resource<'IstioGateway'> | Resource<'Gateway'>;

export const policyWithoutIdentity = defineRule({
  id: 'policy-without-identity',
  stage: 'authorization',
  summary:
    'A policy of a gateway denies every request or denies nothing: it names clients by identity, and no server of the gateway receives one.',
  severity: 'warning',
  since: '0.2.0',
  peers: ['KIA0105'],
  subjects: ['AuthorizationPolicy'],
  inputs: ['IstioGateway', 'Gateway'],

  *check(policy, mesh) {
    const [named, ...more] = identitiesIn(policy);
    const gateways = named && gatewaysWithoutIdentity(mesh, policy);
    if (!named || !gateways) return;
    const [gateway] = gateways;
    yield {
      at: named.at,
      message: `${named.name} ${named.isNegative ? 'matches every client' : 'never matches'}: clients have no identity at ${describe(gateway)}, where no server ends the mesh's mTLS, so this policy ${effectOf(policy, named.isNegative)}.`,
      related: [
        ...more.map(({ name, at }): Related => ({ resource: policy, at, message: `The same holds for ${name}.` })),
        ...gateways.slice(0, mostRelated).flatMap(serverPlace),
      ],
      data: {},
    };
  },
});

interface Identity {
  readonly name: string;
  readonly at: Span;
  readonly isNegative: boolean;
}

const fields: readonly string[] = ['principals', 'namespaces', 'serviceAccounts'];
const negativeFields: readonly string[] = ['notPrincipals', 'notNamespaces', 'notServiceAccounts'];
const conditions: readonly string[] = ['source.principal', 'source.namespace', 'source.serviceAccount'];

/** Where the policy names clients. istio@86c9f01 pilot/pkg/security/authz/model/generator.go srcPrincipalGenerator, srcNamespaceGenerator. */
function identitiesIn({ spec }: Policy): readonly Identity[] {
  return (spec.rules ?? []).flatMap(({ from, when }) => [
    ...from.flatMap((source) =>
      source.fields
        .filter(({ name, values }) => values.length > 0 && [...fields, ...negativeFields].includes(name))
        .map(({ name, key }) => ({ name, at: key, isNegative: negativeFields.includes(name) })),
    ),
    ...when.flatMap(({ key, values }) =>
      key && conditions.includes(key.value) ? [{ name: key.value, at: key.span, isNegative: values.length === 0 }] : [],
    ),
  ]);
}

function effectOf(policy: Policy, isNegative: boolean): string {
  const whom = isNegative ? 'all of them by it' : 'none of them';
  switch (actionOf(policy)) {
    case 'ALLOW':
      return `allows ${whom}`;
    case 'DENY':
      return `denies ${whom}`;
    default:
      return isNegative ? 'applies to all of them' : 'applies to none of them';
  }
}

function serverPlace(gateway: AnyGateway): Related[] {
  if (gateway.kind === 'Gateway')
    return [
      {
        resource: gateway,
        at: gateway.spec.listenersKey ?? gateway.at.name,
        message: `${describe(gateway)} asks for no client certificate.`,
      },
    ];
  return gateway.spec.servers.map((server) => ({
    resource: gateway,
    at: server.tls?.mode?.span ?? server.protocol?.span ?? server.span,
    message: `This server ${serverKind(server) === 'passthrough' ? 'passes TLS on' : 'does not end mTLS'}.`,
  }));
}
