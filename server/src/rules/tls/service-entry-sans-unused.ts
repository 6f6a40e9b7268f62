import type { Mesh } from '../../mesh/mesh.ts';
import { upstreamTls } from '../../mesh/destination-rules/upstream-tls.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { ClientTls } from '../../model/specs.ts';
import { defineRule } from '../rule.ts';
import { tlsBlocksOf } from './faults/faults-of-rule.ts';
import { tlsInputs } from '../shared/inputs.ts';

type Entry = Resource<'ServiceEntry'>;
interface Applied {
  readonly rule: Resource<'DestinationRule'>;
  readonly tls: ClientTls;
}

export const serviceEntrySansUnused = defineRule({
  id: 'service-entry-sans-unused',
  stage: 'tls',
  summary: 'A waypoint does not verify certificates against the `subjectAltNames` of a ServiceEntry.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['ServiceEntry'],
  isOfIstioWaypoints: true,
  inputs: tlsInputs,

  *check(entry, mesh) {
    const [name] = entry.spec.subjectAltNames;
    const applied = name && appliedTo(mesh, entry);
    if (!applied || applied.tls.subjectAltNames.length > 0) return;
    // istio@86c9f01 pilot/pkg/networking/core/cluster_waypoint.go buildClusterOpts has no serviceAccounts (INFER).
    yield {
      at: name.span,
      message: `The waypoint does not verify the name ${name.value} in the certificate: it uses only subjectAltNames in the DestinationRule.`,
      related: [
        {
          resource: applied.rule,
          at: applied.tls.key,
          message: `${describe(applied.rule)} originates TLS and lists no names.`,
        },
      ],
      data: { rule: { namespace: applied.rule.namespace, name: applied.rule.name } },
    };
  },

  *fixes(_, entry, mesh) {
    const applied = appliedTo(mesh, entry);
    const path = applied && tlsBlocksOf(applied.rule).find(({ tls }) => tls === applied.tls)?.path;
    // With insecureSkipVerify, names must not be listed.
    if (!path || applied.tls.insecureSkipVerify?.value === true) return;
    const value = entry.spec.subjectAltNames.map((name) => name.value);
    yield {
      title: `Move the names to ${describe(applied.rule)}`,
      safety: 'unsafe',
      changes: [
        { op: 'remove', in: entry, path: ['spec', 'subjectAltNames'] },
        { op: 'set', in: applied.rule, path: [...path, 'subjectAltNames'], value },
      ],
    };
  },
});

function appliedTo(mesh: Mesh, entry: Entry): Applied | undefined {
  for (const { value } of entry.spec.hosts) {
    for (const port of entry.spec.ports) {
      const tls = upstreamTls(mesh, entry, port, value);
      if (tls.binding.state === 'bound' && tls.state === 'originated' && tls.source.by === 'DestinationRule')
        return { rule: tls.source.rule, tls: tls.source.tls };
    }
  }
  return undefined;
}
