import type { Resource } from '../../model/resource.ts';
import { expandHost, normalizeHost } from '../../names/hosts.ts';

/** The host that a DestinationRule is for, a short name expanded, as hosts are looked up; empty where it names none. */
export function ruleHost(rule: Resource<'DestinationRule'>, clusterDomain: string): string {
  return normalizeHost(writtenRuleHost(rule, clusterDomain));
}

/** As {@link ruleHost}, with the letters as they are written: so Istio compares it. istio@86c9f01 pilot/pkg/model/push_context.go setDestinationRules. */
export function writtenRuleHost({ spec, namespace }: Resource<'DestinationRule'>, clusterDomain: string): string {
  return expandHost(spec.host?.value ?? '', namespace, clusterDomain);
}
