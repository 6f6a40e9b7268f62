import { describe, type Resource } from '../../model/resource.ts';
import { isMeantForAmbient, meantWaypoint } from '../intent.ts';
import { defineRule } from '../rule.ts';

export const missingResolution = defineRule({
  id: 'missing-resolution',
  stage: 'capture',
  summary: 'A ServiceEntry for a DNS name leaves out `resolution`, which then is NONE: the host gets no address.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['ServiceEntry'],
  inputs: ['Namespace'],

  *check(entry, mesh) {
    const { resolution, addresses, endpoints, workloadSelector, hosts } = entry.spec;
    // Addresses make NONE work; endpoints without a resolution are rejected, which is another fault.
    if (resolution || addresses.length > 0 || endpoints.length > 0 || workloadSelector) return;
    const host = hosts.find(({ value }) => isDnsName(value));
    if (!host || !isMeantForAmbient(mesh, entry)) return;
    const waypoint = meantWaypoint(mesh, entry);
    yield {
      at: host.span,
      message: waypoint
        ? `Without resolution, ${host.value} gets no address in the mesh, and traffic to it goes past waypoint ${waypoint.namespace}/${waypoint.name}.`
        : `Without resolution, ${host.value} gets no address in the mesh, and ${describe(entry)} does nothing.`,
      data: {},
    };
  },

  *fixes(_, entry) {
    // DNS is rejected for wildcards.
    if (!onlyDnsNames(entry)) return;
    yield { title: 'Set resolution: DNS', safety: 'safe', changes: [{ op: 'set', in: entry, path: ['spec', 'resolution'], value: 'DNS' }] };
  },
});

function onlyDnsNames(entry: Resource<'ServiceEntry'>): boolean {
  return entry.spec.hosts.every(({ value }) => isDnsName(value));
}

function isDnsName(host: string): boolean {
  return /^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.[a-z][a-z0-9-]*\.?$/i.test(host);
}
