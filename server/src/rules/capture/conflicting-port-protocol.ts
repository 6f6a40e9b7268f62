import { protocolKind } from '../../mesh/hosts.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { isExportedTo } from '../../mesh/visibility.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { isMeantForAmbient } from '../intent.ts';
import { defineRule } from '../rule.ts';

type Entry = Resource<'ServiceEntry'>;

export const conflictingPortProtocol = defineRule({
  id: 'conflicting-port-protocol',
  stage: 'capture',
  summary: 'Two ServiceEntries declare one port of one host with different protocols.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0177', 'KIA1212'],
  subjects: ['ServiceEntry'],
  inputs: ['ServiceEntry', 'Service', 'Namespace'],

  *check(entry, mesh) {
    for (const host of entry.spec.hosts) {
      for (const other of othersWith(mesh, entry, host.value)) {
        for (const port of entry.spec.ports) {
          const its = other.spec.ports.find((one) => differs(port, one));
          if (!its) continue;
          yield {
            at: port.protocol!.span,
            message: `${describe(other)} declares port ${port.number!.value} of ${host.value} as ${its.protocol!.value}, and a proxy can hold to only one of them.`,
            related: [{ resource: other, at: its.protocol!.span, message: 'It is declared here too.' }],
            data: {},
          };
          return;
        }
      }
    }
  },
});

/** Of a pair the later reports. In ambient one entry counts, which the rules for duplicate hosts tell. */
function othersWith(mesh: Mesh, entry: Entry, host: string): readonly Entry[] {
  const owners = mesh.hostOwners(host.toLowerCase()).flatMap(({ resource }) => (resource.kind === 'ServiceEntry' ? [resource] : []));
  return owners.filter((other) => keyOf(other) < keyOf(entry) && (isExportedTo(mesh, other, entry.namespace) || isExportedTo(mesh, entry, other.namespace))
    && !isMeantForAmbient(mesh, entry) && !isMeantForAmbient(mesh, other));
}

/** HTTPS and TLS are one. istio@86c9f01 pkg/config/analysis/analyzers/serviceentry (IST0177). */
function differs(a: ServiceEntryPort, b: ServiceEntryPort): boolean {
  const [x, y] = [protocolKind(a.protocol?.value), protocolKind(b.protocol?.value)];
  return a.number !== undefined && a.number.value === b.number?.value && x !== y && [x, y].every((kind) => ['http', 'tls', 'tcp'].includes(kind));
}

function keyOf({ namespace, name }: Entry): string {
  return `${namespace}/${name}`;
}
