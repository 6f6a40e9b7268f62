// Policies of the egress gateway, attached to a ServiceEntry: what they say of other hosts is left out, and ports are those that clients call.
import type { Mesh } from '../../../mesh/mesh.ts';
import { policiesAtPods } from '../../../eval/authz/gateway-policies.ts';
import { describe, type Resource } from '../../../model/resource.ts';
import { hostsOverlap, normalizeHost } from '../../../names/hosts.ts';
import type { Change } from '../../../rules/rule.ts';
import { isList, isMap, type Plain, type PlainMap } from '../../../yaml/plain.ts';
import { mapIn } from '../refactoring.ts';
import type { ClassicSet } from './classic-set.ts';

type Entry = Resource<'ServiceEntry'>;
type Policy = Resource<'AuthorizationPolicy'>;

export interface MovedPolicies {
  readonly changes: readonly Change[];
  readonly lost: readonly string[];
}

export function movePolicies(
  mesh: Mesh,
  set: ClassicSet,
  entry: Entry,
  written: (policy: Policy) => PlainMap | undefined,
): MovedPolicies {
  const { policies, possible } = policiesAtPods(mesh, set.gateway);
  const isOwn = ({ spec }: Policy) => spec.selector !== undefined || spec.targetRefs.length > 0;
  const own = policies.filter(isOwn);
  const wide = [...policies.filter((policy) => !isOwn(policy)), ...possible];
  const changes = own.flatMap((policy): readonly Change[] => {
    const spec = mapIn(written(policy), 'spec');
    const manifest = manifestFor(freeName(mesh, policy, entry), entry, spec, new Translation(set, entry));
    return [{ op: 'append-document', after: entry, manifest }];
  });
  const why = 'it is for all pods of its namespace, and a waypoint reads only policies with targetRefs';
  return { changes, lost: wide.map((policy) => `${describe(policy)}: ${why}`) };
}

function freeName(mesh: Mesh, { name }: Policy, entry: Entry): string {
  return mesh.named('AuthorizationPolicy', entry.namespace, name).length > 0 ? `${name}-${entry.name}` : name;
}

function manifestFor(name: string, entry: Entry, spec: PlainMap, translation: Translation): Plain {
  const { selector: _, targetRef: _target, targetRefs: _targets, rules, ...kept } = spec;
  const translated = isList(rules) ? rules.filter(isMap).flatMap((rule) => translation.rule(rule)) : [];
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name, namespace: entry.namespace },
    spec: {
      targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: entry.name }],
      ...kept,
      ...(translated.length > 0 ? { rules: translated } : {}),
    },
  };
}

/** One rule's words for the waypoint. */
class Translation {
  readonly #hosts: readonly string[];
  readonly #ports: ReadonlyMap<string, readonly string[]>;

  constructor({ ways }: ClassicSet, entry: Entry) {
    const own = ways.filter((way) => way.entry === entry);
    this.#hosts = entry.spec.hosts.map(({ value }) => normalizeHost(value));
    const listening = [...new Set(own.map((way) => String(way.listening)))];
    this.#ports = new Map(
      listening.map((port) => [
        port,
        [...new Set(own.filter((way) => String(way.listening) === port).map(({ request }) => String(request.port)))],
      ]),
    );
  }

  /** None where the rule is for other hosts or ports only. */
  rule(rule: PlainMap): readonly PlainMap[] {
    const to = partsOf(rule, 'to').map((part) => this.#operation(mapIn(part, 'operation')));
    const when = partsOf(rule, 'when').map((condition) => this.#condition(condition));
    const kept = to.filter((one) => one !== undefined);
    if ((to.length > 0 && kept.length === 0) || when.includes(undefined)) return [];
    const conditions = when.filter((one) => one !== undefined && Object.keys(one).length > 0) as PlainMap[];
    const { to: _to, when: _when, ...others } = rule;
    const operations = kept.filter((one) => Object.keys(one).length > 0).map((operation) => ({ operation }));
    return [
      {
        ...others,
        ...(operations.length === kept.length && operations.length > 0 ? { to: operations } : {}),
        ...(conditions.length > 0 ? { when: conditions } : {}),
      },
    ];
  }

  #operation(operation: PlainMap): PlainMap | undefined {
    const { hosts, ports, ...others } = operation;
    const own = isList(hosts) ? hosts.filter((host) => this.#isOwn(host)) : undefined;
    const called = isList(ports) ? ports.flatMap((port) => this.#called(port)) : undefined;
    if (own?.length === 0 || called?.length === 0) return undefined;
    return { ...(own ? { hosts: own } : {}), ...(called ? { ports: called } : {}), ...others };
  }

  /** The server name that the sidecar has sent is that of no client; the policy's target says the host now. */
  #condition(condition: PlainMap): PlainMap | undefined {
    const { key, values } = condition;
    if (!isList(values)) return condition;
    if (key === 'connection.sni') return values.some((name) => this.#isOwn(name)) ? {} : undefined;
    if (key !== 'destination.port') return condition;
    const called = values.flatMap((port) => this.#called(port));
    return called.length > 0 ? { ...condition, values: called } : undefined;
  }

  /** The ports that clients call, for one on which the gateway listens. */
  #called(port: Plain): readonly string[] {
    return typeof port === 'string' || typeof port === 'number' ? (this.#ports.get(`${port}`) ?? []) : [];
  }

  #isOwn(host: Plain): boolean {
    if (typeof host !== 'string') return false;
    const name = host.replace(/:[\d*]+$/, '');
    return this.#hosts.some((own) => hostsOverlap(own, name));
  }
}

function partsOf(rule: PlainMap, key: string): readonly PlainMap[] {
  const listed = rule[key];
  return isList(listed) ? listed.filter(isMap) : [];
}
