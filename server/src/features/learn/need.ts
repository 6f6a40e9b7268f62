// What the flows of a log need: which ServiceEntry each host has, and which flows a rule allows already.
import { groupBy } from '../../base/group-by.ts';
import { trace } from '../../eval/trace/trace.ts';
import type { TraceRequest } from '../../eval/trace/request.ts';
import type { Trace } from '../../eval/trace/step.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { patternsFor } from '../../names/hosts.ts';
import type { Flow } from './flows.ts';

export interface HostNeed {
  /** A name, or an address where the log has no name. */
  readonly place: string;
  readonly isAddress: boolean;
  /** Undefined where no file has the host. */
  readonly entry: Resource<'ServiceEntry'> | undefined;
  /** The entry has the host itself, and no wildcard for it. */
  readonly isListed: boolean;
  readonly flows: readonly Flow[];
}

/** By host, those of one entry behind each other. Hosts of several ServiceEntries are left out: adding to one could change which of them is used. */
export function needsOf(mesh: Mesh, flows: readonly Flow[]): readonly HostNeed[] {
  return [...groupBy(flows, (flow) => flow.host ?? flow.address!)].flatMap(([place, same]) => {
    const isAddress = same[0].host === undefined;
    const owners = isAddress ? entriesAt(mesh, place) : entriesOf(mesh, place);
    if (owners.length > 1) return [];
    const entry = owners[0];
    const isListed =
      isAddress || entry === undefined || entry.spec.hosts.some(({ value }) => value.toLowerCase() === place);
    return [{ place, isAddress, entry, isListed, flows: same }];
  });
}

function entriesOf(mesh: Mesh, host: string): readonly Resource<'ServiceEntry'>[] {
  for (const pattern of patternsFor(host)) {
    const owners = mesh
      .hostOwners(pattern)
      .flatMap(({ resource }) => (resource.kind === 'ServiceEntry' ? [resource] : []));
    if (owners.length > 0) return [...new Set(owners)];
  }
  return [];
}

function entriesAt(mesh: Mesh, address: string): readonly Resource<'ServiceEntry'>[] {
  return mesh.all('ServiceEntry').filter(({ spec }) => spec.addresses.some(({ value }) => value === address));
}

const schemes = { HTTP: 'http', TLS: 'https', TCP: 'tcp' } as const;

/** `flow` has a client. */
function requestOf({ host, address, port, protocol, method, path, client }: Flow): TraceRequest {
  return {
    scheme: schemes[protocol],
    host: host ?? address!,
    port,
    path: path ?? '/',
    method: method ?? 'GET',
    headers: new Map(),
    sni: undefined,
    from: { ...client!, labels: new Map() },
  };
}

export interface Judged {
  readonly flow: Flow;
  readonly trace: Trace;
  /** The rules of policies that allow it. */
  readonly allowedBy: Trace['steps'][number]['evidence'];
  /** Allowed, and not only because nothing forbids it. */
  readonly isAllowedByRule: boolean;
}

export function judge(mesh: Mesh, flow: Flow): Judged {
  const found = trace(mesh, requestOf(flow));
  const allowedBy = found.steps
    .filter(({ stage, outcome }) => stage === 'authorization' && outcome === 'yes')
    .flatMap(({ evidence }) => evidence.filter(({ resource }) => resource.kind === 'AuthorizationPolicy'));
  return { flow, trace: found, allowedBy, isAllowedByRule: found.verdict === 'allowed' && allowedBy.length > 0 };
}
