import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import type { Field } from '../../model/field.ts';
import { destinationsOf } from '../shared/route-targets.ts';
import { defineRule } from '../rule.ts';
import { waypointNamed, waypointOfService } from '../shared/waypoint-objects.ts';
import { fullHost } from '../../names/hosts.ts';
import { ruleHost } from '../../mesh/destination-rules/rule-host.ts';

type Subject = AnyResource<'VirtualService' | 'DestinationRule'>;

export const classicEgressOnWaypoint = defineRule({
  id: 'classic-egress-on-waypoint',
  stage: 'route',
  summary: 'Objects of a classic egress gateway name a waypoint, which does not need or use them.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['VirtualService', 'DestinationRule'],
  inputs: ['Gateway', 'IstioGateway'],

  *check(subject, mesh) {
    const reported = new Set<Resource<'Gateway'>>();
    for (const { field, waypoint } of pointers(subject, mesh)) {
      if (reported.has(waypoint)) continue;
      reported.add(waypoint);
      yield {
        at: field.span,
        message: `${subject.written.kind} ${subject.name} has no effect: ${describe(waypoint)} is a waypoint, and only the use-waypoint label of a ServiceEntry sends traffic there.`,
        related: [{ resource: waypoint, at: waypoint.at.name, message: `${describe(waypoint)} is a waypoint.` }],
        data: {},
      };
    }
  },

  *fixes(_, subject) {
    if (subject.listIndex === undefined)
      yield {
        title: `Remove ${subject.written.kind} ${subject.name}`,
        safety: 'unsafe',
        changes: [{ op: 'remove-document', in: subject }],
      };
  },
});

interface Pointer {
  readonly field: Field<string>;
  readonly waypoint: Resource<'Gateway'>;
}

function pointers(subject: Subject, mesh: Mesh): Pointer[] {
  if (subject.kind === 'DestinationRule')
    return byHost(mesh, subject.spec.host, ruleHost(subject, mesh.settings.clusterDomain));
  const gateways = subject.spec.gateways.flatMap((field) => {
    const [name = '', namespace = subject.namespace] = field.value.split('/').reverse();
    const waypoint =
      mesh.named('IstioGateway', namespace, name).length > 0 ? undefined : waypointNamed(mesh, namespace, name);
    return waypoint ? [{ field, waypoint }] : [];
  });
  return [
    ...gateways,
    ...[...destinationsOf(subject)].flatMap(({ destination: { host } }) =>
      byHost(mesh, host, fullHost(host?.value ?? '', subject.namespace, mesh.settings.clusterDomain)),
    ),
  ];
}

/** By the Service that Istio makes of every waypoint. */
function byHost(mesh: Mesh, field: Field<string> | undefined, host: string): Pointer[] {
  const waypoint = field && waypointOfService(mesh, host);
  return field && waypoint ? [{ field, waypoint }] : [];
}
