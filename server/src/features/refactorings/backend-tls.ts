// TLS to an external host is set by a DestinationRule or by a BackendTLSPolicy of the Gateway API.
// istio@86c9f01 pilot/pkg/config/kube/gateway/backend_policies.go BackendTLSPolicyCollection.
import type { Draft } from '../../engine/draft.ts';
import { ruleHost } from '../../mesh/destination-rules/rule-host.ts';
import { hostsOfEntry } from '../../mesh/hosts/hosts-of-entry.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { since } from '../../mesh/settings.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { ClientTls, ServiceEntryPort } from '../../model/specs.ts';
import { normalizeHost } from '../../names/hosts.ts';
import { tlsBlocksOf, type TlsBlock } from '../../rules/tls/faults/faults-of-rule.ts';
import { freeName } from '../../rules/tls/repairs/origination.ts';
import { removing } from '../../rules/tls/repairs/remove-tls.ts';
import type { Plain, PlainMap } from '../../yaml/plain.ts';
import { findAgain, replaceWith, type Refactoring } from './refactoring.ts';

type Rule = Resource<'DestinationRule'>;
type Policy = Resource<'BackendTLSPolicy'>;
type Entry = Resource<'ServiceEntry'>;

export const ruleToPolicy: Refactoring = {
  kind: 'refactor.rewrite',

  *offers(subject, { mesh }) {
    const found = subject.kind === 'DestinationRule' ? expressible(mesh, subject) : undefined;
    if (found && subject.kind === 'DestinationRule')
      yield {
        title: 'Set this TLS by a BackendTLSPolicy',
        perform: (draft) => toPolicy(draft, subject, found),
      };
  },
};

interface Expressible {
  readonly block: TlsBlock;
  readonly entry: Entry;
  /** Where the block is for one port. */
  readonly port: ServiceEntryPort | undefined;
}

/**
 * One block of TLS for the only host of a ServiceEntry beside the rule, with nothing that a policy cannot say. Before 1.28 no policy
 * is read for a ServiceEntry; before 1.31 a policy and a rule for the same host do not complete each other.
 */
function expressible(mesh: Mesh, rule: Rule): Expressible | undefined {
  const block = since(mesh.settings, '1.28') ? onlyBlock(rule) : undefined;
  const entry = block && entryBeside(mesh, rule);
  if (!block || !entry) return undefined;
  // What is left of the rule is joined with the policy only if both are for the same namespaces.
  if (!isWhole(rule, block) && (!since(mesh.settings, '1.31') || rule.spec.exportTo)) return undefined;
  if (block.port === undefined) return { block, entry, port: undefined };
  const port = entry.spec.ports.find(({ number }) => number?.value === block.port);
  return port?.name ? { block, entry, port } : undefined;
}

function onlyBlock(rule: Rule): TlsBlock | undefined {
  const [block, ...more] = tlsBlocksOf(rule);
  if (!block || more.length > 0 || block.path[1] !== 'trafficPolicy' || rule.spec.workloadSelector) return undefined;
  return isPlainVerification(block.tls) ? block : undefined;
}

/** The entry of the same namespace that has the rule's host, and no other. */
function entryBeside(mesh: Mesh, rule: Rule): Entry | undefined {
  const owners = mesh.hostOwners(ruleHost(rule, mesh.settings.clusterDomain));
  const entry = owners.length === 1 ? owners[0]!.resource : undefined;
  if (entry?.kind !== 'ServiceEntry' || entry.namespace !== rule.namespace) return undefined;
  return entry.spec.hosts.length === 1 && !entry.spec.hosts[0]!.value.startsWith('*') ? entry : undefined;
}

/** A policy verifies with the system's roots, or those of a ConfigMap, and has no certificate of the client. */
function isPlainVerification(tls: ClientTls): boolean {
  const { mode, credentialName, caCertificates, insecureSkipVerify } = tls;
  return mode?.value === 'SIMPLE' && !credentialName && !caCertificates && insecureSkipVerify?.value !== true;
}

function toPolicy(draft: Draft, rule: Rule, { block, entry, port }: Expressible): readonly string[] | undefined {
  const target = { group: 'networking.istio.io', kind: 'ServiceEntry', name: entry.name };
  const manifest = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'BackendTLSPolicy',
    metadata: placed(rule, freePolicyName(draft.writtenMesh, rule.namespace, rule.name)),
    spec: {
      targetRefs: [port?.name ? { ...target, sectionName: port.name.value } : target],
      validation: validationOf(block.tls, normalizeHost(entry.spec.hosts[0]!.value)),
    },
  };
  const lost = rule.spec.exportTo ? [`exportTo of ${describe(rule)}: a BackendTLSPolicy is for all namespaces`] : [];
  if (isWhole(rule, block)) {
    const comments = replaceWith(draft, rule, manifest);
    return comments && [...lost, ...comments];
  }
  if (!draft.apply([{ op: 'append-document', after: rule, manifest }])) return undefined;
  const now = findAgain(draft, rule);
  const [left] = now ? tlsBlocksOf(now) : [];
  return now && left && draft.apply(removing(now, left)) ? lost : undefined;
}

/** Whether the rule says nothing else. */
function isWhole(rule: Rule, block: TlsBlock): boolean {
  return removing(rule, block).some(({ op }) => op === 'remove-document');
}

function validationOf({ sni, subjectAltNames }: ClientTls, host: string): PlainMap {
  const listed = subjectAltNames.map(({ value }) => value);
  // Without a name the rule compares that of the request, which the policy does not: it compares what it lists.
  const names = listed.length === 0 && !sni ? [host] : listed;
  return {
    hostname: sni?.value ?? host,
    wellKnownCACertificates: 'System',
    ...(names.length > 0 ? { subjectAltNames: names.map(alternative) } : {}),
  };
}

function alternative(name: string): PlainMap {
  return name.includes('://') ? { type: 'URI', uri: name } : { type: 'Hostname', hostname: name };
}

export const policyToRule: Refactoring = {
  kind: 'refactor.rewrite',

  *offers(subject, { mesh }) {
    const entry = subject.kind === 'BackendTLSPolicy' ? targetOf(mesh, subject) : undefined;
    if (entry && subject.kind === 'BackendTLSPolicy')
      yield { title: 'Set this TLS by a DestinationRule', perform: (draft) => toRule(draft, subject, entry) };
  },
};

/** The ServiceEntry that is the policy's only target, where no rule is for its hosts. */
function targetOf(mesh: Mesh, policy: Policy): Entry | undefined {
  const { targetRefs, caCertificateRefs, wellKnownCACertificates, hostname } = policy.spec;
  if (!hostname || caCertificateRefs.length > 0 || wellKnownCACertificates?.value !== 'System') return undefined;
  const entry = targetRefs.length === 1 ? entryNamed(mesh, policy.namespace, targetRefs[0]!) : undefined;
  const hosts = entry ? hostsOfEntry(entry) : [];
  const isFree = hosts.every((host) => mesh.destinationRules(policy.namespace, host).length === 0);
  return isFree && hosts.length > 0 ? entry : undefined;
}

function entryNamed(
  mesh: Mesh,
  namespace: string,
  { kind, name, sectionName }: Policy['spec']['targetRefs'][number],
): Entry | undefined {
  if (kind?.value !== 'ServiceEntry') return undefined;
  const [entry] = mesh.named('ServiceEntry', namespace, name?.value ?? '');
  return entry && (!sectionName || portNamed(entry, sectionName.value)?.number) ? entry : undefined;
}

function portNamed({ spec }: Entry, name: string): ServiceEntryPort | undefined {
  return spec.ports.find((port) => port.name?.value === name);
}

function toRule(draft: Draft, policy: Policy, entry: Entry): readonly string[] | undefined {
  const { hostname, subjectAltNames, targetRefs } = policy.spec;
  const names = subjectAltNames.map(({ value }) => value);
  const tls = { mode: 'SIMPLE', sni: hostname!.value, ...(names.length > 0 ? { subjectAltNames: names } : {}) };
  const section = targetRefs[0]!.sectionName?.value;
  const number = section === undefined ? undefined : portNamed(entry, section)!.number!.value;
  const trafficPolicy = number === undefined ? { tls } : { portLevelSettings: [{ port: { number }, tls }] };
  const manifestFor = (host: string): Plain => {
    const stem = entry.spec.hosts.length === 1 ? policy.name : `${host.replace(/^\*\./, '')}-tls`;
    return {
      apiVersion: entry.written.apiVersion,
      kind: 'DestinationRule',
      metadata: placed(policy, freeName(draft.writtenMesh, policy.namespace, stem)),
      spec: { host, trafficPolicy },
    };
  };
  const [first, ...others] = hostsOfEntry(entry);
  for (const host of others.toReversed()) {
    const now = findAgain(draft, policy);
    if (!now || !draft.apply([{ op: 'append-document', after: now, manifest: manifestFor(host) }])) return undefined;
  }
  const now = findAgain(draft, policy);
  return now && replaceWith(draft, now, manifestFor(first!));
}

/** With the namespace where the other object has it written. */
function placed({ at, namespace }: Resource, name: string): PlainMap {
  return at.namespace ? { name, namespace } : { name };
}

function freePolicyName(mesh: Mesh, namespace: string, name: string): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name}-${n}`;
    if (mesh.named('BackendTLSPolicy', namespace, candidate).length === 0) return candidate;
  }
}
