import { tlsOfRule } from '../../mesh/destination-rules/upstream-tls.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { isIntendedForAmbient } from '../shared/intent.ts';
import { originatingRule } from '../shared/written-manifests.ts';
import { defineRule, type Change } from '../rule.ts';

export const serviceEntryWithoutPort = defineRule({
  id: 'service-entry-without-port',
  stage: 'capture',
  summary: 'A ServiceEntry lists no port, so connections to its hosts fail.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['ServiceEntry'],
  inputs: ['DestinationRule', 'Namespace'],

  *check(entry, mesh) {
    const host = entry.spec.hosts[0];
    // The schema rules report incomplete ports and ports of a wrong type.
    if (!host || entry.spec.ports.length > 0 || entry.refused) return;
    const finding = {
      at: entry.spec.portsKey ?? entry.at.spec,
      message: `Connections to ${host.value} fail: ${describe(entry)} lists no port.`,
      data: { host: host.value },
    };
    // Sidecars take no notice of such an entry; captured clients are cut off from its hosts.
    yield isIntendedForAmbient(mesh, entry) ? finding : { ...finding, severity: 'information' };
  },

  *fixes({ host }, entry, mesh) {
    const tls: Change = {
      op: 'set',
      in: entry,
      path: ['spec', 'ports'],
      value: [{ number: 443, name: 'tls', protocol: 'TLS' }],
    };
    const http: Change = {
      op: 'set',
      in: entry,
      path: ['spec', 'ports'],
      value: [{ number: 80, name: 'http', protocol: 'HTTP', targetPort: 443 }],
    };
    const title = 'Add port 80 with targetPort 443';
    if (originates(mesh, host)) yield { title, safety: 'unsafe', changes: [http] };
    else yield { title: 'Add port 443 for clients that use TLS', safety: 'unsafe', changes: [tls] };
    if (originates(mesh, host) || host.startsWith('*') || entry.spec.hosts.length > 1) return;
    const manifest = originatingRule(host, entry.at.namespace && entry.namespace, host);
    yield {
      title: `${title}, with TLS by a DestinationRule`,
      safety: 'unsafe',
      changes: [http, { op: 'append-document', after: entry, manifest }],
    };
  },
});

function originates(mesh: Mesh, host: string): boolean {
  return mesh
    .destinationRulesAnywhere(host)
    .some((rule: Resource<'DestinationRule'>) => tlsOfRule(rule, 80).mode !== undefined);
}
