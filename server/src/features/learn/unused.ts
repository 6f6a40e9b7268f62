// What the manifests allow and no request of a log needed.
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { actionOf } from '../../eval/authz/evaluate.ts';
import { hostMatches } from '../../names/hosts.ts';
import type { Span } from '../../base/span.ts';
import type { Flow } from './flows.ts';
import type { Judged } from './need.ts';

export interface Unused {
  readonly ports: readonly {
    readonly entry: Resource<'ServiceEntry'>;
    readonly host: string;
    readonly port: number;
    readonly span: Span;
  }[];
  /** From 1. */
  readonly rules: readonly {
    readonly policy: Resource<'AuthorizationPolicy'>;
    readonly rule: number;
    readonly span: Span;
  }[];
}

/** `left`: all that left, with clients that are not known too. */
export function unusedIn(mesh: Mesh, judged: readonly Judged[], left: readonly Flow[]): Unused {
  return { ports: unusedPorts(mesh, left), rules: unusedRules(mesh, judged) };
}

function unusedPorts(mesh: Mesh, left: readonly Flow[]): Unused['ports'] {
  const places = [...new Set(left.map(({ host, address, port }) => JSON.stringify([host ?? address, port])))].map(
    (one) => JSON.parse(one) as [string, number],
  );
  const isUsed = (entry: Resource<'ServiceEntry'>, host: string, number: number) =>
    places.some(
      ([place, port]) =>
        port === number && (hostMatches(host, place) || entry.spec.addresses.some(({ value }) => value === place)),
    );
  return mesh
    .all('ServiceEntry')
    .flatMap((entry) =>
      entry.spec.hosts.flatMap(({ value: host }) =>
        entry.spec.ports.flatMap(({ number, span }) =>
          number === undefined || isUsed(entry, host, number.value)
            ? []
            : [{ entry, host, port: number.value, span: span ?? entry.at.name }],
        ),
      ),
    );
}

/** Of the policies that are for hosts or waypoints. */
function unusedRules(mesh: Mesh, judged: readonly Judged[]): Unused['rules'] {
  const used = new Set(
    judged.flatMap(({ allowedBy }) => allowedBy.map(({ resource, span }) => `${resource.id}:${span.start}`)),
  );
  return mesh
    .all('AuthorizationPolicy')
    .filter((policy) => actionOf(policy) === 'ALLOW' && policy.spec.targetRefs.some(isOnTheWayOut))
    .flatMap((policy) =>
      (policy.spec.rules ?? []).flatMap(({ span }, at) =>
        used.has(`${policy.id}:${span.start}`) ? [] : [{ policy, rule: at + 1, span }],
      ),
    );
}

function isOnTheWayOut({ kind }: Resource<'AuthorizationPolicy'>['spec']['targetRefs'][number]): boolean {
  return kind?.value === 'ServiceEntry' || kind?.value === 'Gateway';
}
