import { mostRelated } from '../../../base/and-more.ts';
import { isIpAddress } from '../../../names/addresses.ts';
import { looksInCluster } from '../../../names/hosts.ts';
import { lastName } from '../../../mesh/hosts/external-name.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { serviceByAddress } from '../service-by-address.ts';
import { aliasForClient, serviceForClient, type PassedOverService } from '../../../mesh/hosts/service-for-client.ts';
import { writtenHosts } from '../../../mesh/hosts/hosts-of-entry.ts';
import { dnsCaptureFor, dnsCaptureOff } from '../../../mesh/clients/dns-capture.ts';
import type { Workload } from '../../../mesh/clients/data-plane.ts';
import { describe, type Resource } from '../../../model/resource.ts';
import { at, atName, fork, go, step, stop, type Stage, type TraceState, type Turn } from '../state.ts';
import type { Evidence } from '../step.ts';

/** What the name resolves to: the address of a service of the mesh, or the host's own. */
export const dns: Stage = (state, mesh) => {
  const { request, path } = state;
  if (path === 'sidecar' || path === 'gateway') return go(state);
  if (isIpAddress(request.host)) return byAddress(state, mesh);
  if (path === 'outside')
    return go(state, step('dns', 'no', `DNS outside the mesh resolves ${request.host} to its real address.`));
  const capture = dnsCaptureFor(mesh, state.workloads);
  switch (capture.state) {
    case 'on':
      return byName(state, mesh);
    case 'off-in-mesh':
      return go(
        { ...state, path: 'outside' },
        step('dns', 'no', `DNS of captured pods is not captured, so ${request.host} resolves to its real address.`),
      );
    case 'off-for-pods':
      return notForPods(state, capture.by);
    case 'differs':
      return fork([], {
        by: 'unseen',
        summary: `Some workloads of ${request.from.namespace}/${request.from.serviceAccount} turn DNS capture off: it is unknown which of them calls.`,
        ways: [byName(state, mesh), notForPods(state, capture.by)],
      });
  }
};

function notForPods(state: TraceState, by: readonly Workload[]): Turn {
  const [first] = by;
  const field = first && dnsCaptureOff(first);
  return go(
    { ...state, path: 'outside' },
    step(
      'dns',
      'no',
      `An annotation of ${first ? describe(first) : 'the pod'} turns DNS capture off, so ${state.request.host} resolves to its real address.`,
      first && field && at(first, field.span),
    ),
  );
}

function byAddress(state: TraceState, mesh: Mesh): Turn {
  const { request, path } = state;
  const current = step('dns', 'yes', `${request.host} is an address: there is no DNS lookup.`);
  if (path === 'outside') return go(state, current);
  const choice = serviceByAddress(mesh, request.host, request.from.namespace);
  return go({ ...state, choice, path: choice.outcomes.every((one) => !one) ? 'outside' : 'mesh' }, current);
}

function byName(state: TraceState, mesh: Mesh): Turn {
  const { request } = state;
  const choice = serviceForClient(mesh, request.host, request.from.namespace);
  const passedOver = choice.passedOver.slice(0, 3);
  const found = choice.outcomes.filter((one) => one !== undefined);
  const evidence = [
    ...found.slice(0, mostRelated).map(({ resource, host }) => hostPlace(resource as Resource, host)),
    ...passedOver.map(({ owner }) => hostPlace(owner.resource, owner.host)),
  ];
  const notes = passedOver.map((one) => ` ${describe(one.owner.resource)} ${reasons[one.because]}.`).join('');
  const alias = found.length === 0 ? aliasForClient(mesh, request.host, request.from.namespace) : undefined;
  if (alias) return ofAlias({ ...state, choice }, mesh, alias);
  if (found.length === 0) {
    const why =
      choice.passedOver.length > 0
        ? `${request.host} gets no address in the mesh:${notes} The`
        : `No ServiceEntry has ${request.host}: the`;
    return go(
      { ...state, choice, path: 'outside' },
      step('dns', 'no', `${why} name resolves to its real address.`, ...evidence),
    );
  }
  const names = [...new Set(found.map(({ host }) => host))];
  const outcome = choice.outcomes.includes(undefined) ? 'unknown' : 'yes';
  return go(
    { ...state, choice },
    step(
      'dns',
      outcome,
      `${request.host} resolves to an address in the mesh${names[0] === request.host ? '' : `, by ${names.join(' or ')}`}.${notes}`,
      ...evidence,
    ),
  );
}

/**
 * ztunnel asks the cluster's DNS, which answers with the addresses of the name that the Service stands for: those in the mesh that a
 * ServiceEntry has for that name are not among them. server/docs/istio-semantics.md §2.55; ztunnel@62d8265 src/dns/server.rs lookup.
 */
function ofAlias(state: TraceState, mesh: Mesh, service: Resource<'Service'>): Turn {
  const target = lastName(mesh, service);
  const what = `${state.request.host} is ${describe(service)} of type ExternalName`;
  if (target === undefined || looksInCluster(target, mesh.settings.clusterDomain)) {
    const why = target === undefined ? 'what it stands for is not known' : `it stands for ${target} in the cluster`;
    return stop(state, step('dns', 'unknown', `${what}, and ${why}.`, atName(service)));
  }
  const message = `${what}, which ztunnel does not know: the cluster's DNS resolves it to the real address of ${target}, even if a ServiceEntry has that host.`;
  return go({ ...state, externalName: target, path: 'outside' }, step('dns', 'no', message, atName(service)));
}

const reasons: Readonly<Record<PassedOverService['because'], string>> = {
  'resolution-none': 'has resolution NONE and no addresses',
  'resolution-absent': 'has no resolution, which means NONE, and no addresses',
  wildcard: 'has a wildcard host, which gets no address',
  'cidr-only': 'lists only CIDR ranges, and a name needs a single address',
  'opted-out': 'has a label that turns address allocation off',
  version: 'gets no address, because the mesh allocates none',
  spelling: 'has a host that is not in lower case, or ends with a dot, and is compared as written',
  'not-visible': "is not visible to the client's namespace",
};

/** Where an entry names the host. */
function hostPlace(resource: Resource, host: string): Evidence {
  const field =
    resource.kind === 'ServiceEntry' ? writtenHosts(resource as Resource<'ServiceEntry'>).get(host) : undefined;
  return field ? at(resource, field.span) : atName(resource);
}
