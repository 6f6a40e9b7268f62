// The facts for a position in a manifest: all facts of the resource at its kind and name, those of a host or port at its line.
import type { Span } from '../../base/span.ts';
import { unreachable } from '../../base/unreachable.ts';
import type { Facts } from './facts.ts';
import { sayFacts } from './say.ts';
import { sayHost, sayPort } from './say-entry.ts';
import type { EntryFacts } from './service-entry.ts';
import type { Line } from './fact-wording.ts';

export interface Part {
  /** In the resource's document. */
  readonly span: Span;
  readonly lines: readonly Line[];
}

/** `isHere` returns whether a span is at the requested position. */
export function partAt(facts: Facts, isHere: (span: Span) => boolean): Part | undefined {
  const resource = subjectOf(facts);
  const own = [resource.at.kind, resource.at.name].find(isHere);
  if (own) return { span: own, lines: sayFacts(facts) };
  switch (facts.kind) {
    case 'ServiceEntry':
      return partOfEntry(facts, isHere);
    case 'DestinationRule':
      return whole(facts, [facts.rule.spec.host?.span], isHere);
    case 'Namespace':
      return whole(facts, [facts.label.field.span, facts.label.field.key], isHere);
    case 'AuthorizationPolicy':
      return whole(
        facts,
        facts.policy.spec.targetRefs.map(({ span }) => span),
        isHere,
      );
    case 'Gateway':
    case 'egress-gateway':
    case 'lead':
    case 'refused':
      return undefined;
    default:
      return unreachable(facts);
  }
}

function subjectOf(facts: Facts) {
  switch (facts.kind) {
    case 'ServiceEntry':
      return facts.entry;
    case 'DestinationRule':
      return facts.rule;
    case 'Gateway':
      return facts.gateway;
    case 'Namespace':
      return facts.namespace;
    case 'AuthorizationPolicy':
      return facts.policy;
    case 'lead':
      return facts.route;
    case 'egress-gateway':
    case 'refused':
      return facts.resource;
    default:
      return unreachable(facts);
  }
}

function whole(facts: Facts, spans: readonly (Span | undefined)[], isHere: (span: Span) => boolean): Part | undefined {
  const span = spans.find((one) => one !== undefined && isHere(one));
  return span && { span, lines: sayFacts(facts) };
}

function partOfEntry(facts: EntryFacts, isHere: (span: Span) => boolean): Part | undefined {
  const host = facts.hosts.find((one) => isHere(one.host.span));
  if (host) return { span: host.host.span, lines: sayHost(facts, host) };
  const port = facts.entry.spec.ports.find(({ span }) => isHere(span));
  if (!port) return undefined;
  const several = facts.hosts.length > 1;
  const lines = facts.hosts
    .slice(0, 5)
    .flatMap(({ host: { value }, ports, ways }) =>
      ports
        .filter((one) => one.port === port)
        .map((one) => ({ label: several ? value : 'Leaves as', words: sayPort(facts, one, ways) })),
    );
  return lines.length > 0 ? { span: port.span, lines } : undefined;
}
