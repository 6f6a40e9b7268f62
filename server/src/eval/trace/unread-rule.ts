// DestinationRules that would do what is wanted, and that the sidecar or egress gateway does not read.
import { tlsOfRule } from '../../mesh/destination-rules/client-tls.ts';
import type { RuleTarget } from '../../mesh/destination-rules/proxy-rules.ts';
import { ruleReaches } from '../../mesh/hosts/visibility.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { patternsFor } from '../../names/hosts.ts';
import { at, atName, type TraceState } from './state.ts';
import type { Evidence } from './step.ts';

export interface UnreadRule {
  readonly rule: Resource<'DestinationRule'>;
  /** Why the proxy does not read it: a clause. */
  readonly because: string;
  readonly place: Evidence;
}

/** A rule of the host in a namespace where the proxy does not look, or that is not exported to it. §E.30. */
export function unreadRule(
  mesh: Mesh,
  { host, owner }: Pick<RuleTarget, 'host' | 'owner'>,
  proxyNamespace: string,
  isWanted: (rule: Resource<'DestinationRule'>) => boolean,
): UnreadRule | undefined {
  // Without a Service in the files, its name has its namespace.
  const home = owner?.namespace ?? host.split('.')[1] ?? '';
  const read = [...new Set([proxyNamespace, home, mesh.settings.rootNamespace])];
  const wanted = patternsFor(host)
    .flatMap((pattern) => mesh.destinationRulesAnywhere(pattern))
    .filter(isWanted);
  const elsewhere = wanted.find(({ namespace }) => !read.includes(namespace));
  if (elsewhere)
    return {
      rule: elsewhere,
      because: `only rules of ${namespacesOf(read)} are read`,
      place: atName(elsewhere),
    };
  const first = wanted.find((rule) => !rule.spec.workloadSelector && !ruleReaches(mesh, rule, proxyNamespace));
  const [exported] = first?.spec.exportTo ?? [];
  return (
    first && {
      rule: first,
      because: `it is not exported to namespace ${proxyNamespace}`,
      place: exported ? at(first, exported.span) : atName(first),
    }
  );
}

function namespacesOf(read: readonly string[]): string {
  const last = read.at(-1) ?? '';
  return read.length > 1 ? `namespaces ${read.slice(0, -1).join(', ')} and ${last}` : `namespace ${last}`;
}

/** A rule that would originate TLS, and that the sidecar or egress gateway does not read. */
export function unreadOriginator({ backend, gateway, request }: TraceState, mesh: Mesh): UnreadRule | undefined {
  const { entry, host, port } = backend!;
  const proxy = gateway?.pods.namespace ?? request.from.namespace;
  const number = port.number?.value;
  return number === undefined
    ? undefined
    : unreadRule(mesh, { host, owner: entry }, proxy, (rule) => tlsOfRule(rule, number).mode !== undefined);
}
