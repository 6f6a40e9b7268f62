// What the manifests allow and no request of a log needed.
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { actionOf } from '../../eval/authz/evaluate.ts';
import { hostMatches, normalizeHost } from '../../names/hosts.ts';
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
  const used = new Map<number, Set<string>>();
  for (const { host, address, port } of left) {
    const place = host === undefined ? address : normalizeHost(host);
    if (place !== undefined) used.set(port, (used.get(port) ?? new Set()).add(place));
  }
  const isUsed = (entry: Resource<'ServiceEntry'>, host: string, number: number) => {
    const places = used.get(number);
    if (!places) return false;
    const isHost = host.startsWith('*')
      ? [...places].some((place) => hostMatches(host, place))
      : places.has(normalizeHost(host));
    return isHost || entry.spec.addresses.some(({ value }) => places.has(value));
  };
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
