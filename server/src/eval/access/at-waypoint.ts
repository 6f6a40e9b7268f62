// What the policies at a waypoint or an egress gateway let one subject send to one port of a host.
import { keptFor, keptIn } from '../../base/kept-for.ts';
import { sameSpan } from '../../base/span.ts';
import { dialledAddresses } from '../../mesh/hosts/virtual-address.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import type { EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import { policiesAtPods } from '../authz/gateway-policies.ts';
import { areAllPoliciesKnown, policiesAt } from '../authz/attached-policies.ts';
import type { Condition } from '../authz/conditions.ts';
import type { Connection } from '../authz/connection.ts';
import { actionOf, canAsk, isDryRun, knownProviders } from '../authz/evaluate.ts';
import { absorb, intersect, subtract, type Clause } from './atom.ts';
import { clausesOf, type Arrival, type RuleClauses } from './policy-clauses.ts';
import { operationOf, type AccessRow } from './row.ts';
import type { Subject } from './access-subjects.ts';

type Policy = Resource<'AuthorizationPolicy'>;
export type Judgement = Pick<AccessRow, 'access' | 'operations' | 'because'>;

export interface WaypointDestination {
  readonly waypoint: Resource<'Gateway'>;
  readonly entry: Resource<'ServiceEntry'>;
  readonly host: string;
  readonly port: ServiceEntryPort;
}

/** A request as it arrives at an egress gateway. */
export interface GatewayDestination {
  readonly gateway: EgressGateway;
  /** Where its pods listen. */
  readonly listening: number;
  readonly hasIdentity: boolean;
  readonly chain: 'http' | 'tcp';
  readonly sni: string | undefined;
  readonly host: string;
  /** For the reason where no policy is there. */
  readonly place: Judgement['because'][number];
}

/** A policy that may select the gateway's pods, or be in no file, can deny more. */
export function judgeAtGateway(mesh: Mesh, destination: GatewayDestination, subject: Subject): Judgement {
  const { gateway, listening, hasIdentity, chain, sni, host, place } = destination;
  const { policies, possible, areAllKnown } = policiesAtPods(mesh, gateway);
  const connection: Connection = {
    source: { ...sourceOf(mesh.settings.trustDomain, subject), isAnonymous: !hasIdentity },
    destination: { host, port: listening, addresses: [] },
    chain,
    http: undefined,
    sni,
  };
  const worked = (list: readonly Policy[]) =>
    judgementOf(
      judgeChain(
        mesh,
        list.filter((policy) => !isDryRun(policy)),
        { subject, connection, inspected: false },
      ),
      place,
    );
  const judged = worked(policies);
  if (areAllKnown && possible.length === 0) return judged;
  const denied = worked(policies.filter((policy) => actionOf(policy) === 'DENY'));
  if (denied.access === 'none') return denied;
  return { access: 'undetermined', operations: [], because: [...judged.because, ...possible.map(atName)] };
}

/** Placeholder that no identity of a cluster can have. */
const noIdentity = '-';

export function judgeDestination(mesh: Mesh, destination: WaypointDestination, subject: Subject): Judgement {
  const { waypoint, entry } = destination;
  const policies = enforcedOf(policiesAt(mesh, waypoint, entry));
  if (areAllPoliciesKnown(mesh, waypoint, entry)) return judgeBy(mesh, policies, destination, subject);
  // What is denied by name stays denied, whatever other policies there are.
  const denies = policies.filter((policy) => actionOf(policy) === 'DENY');
  const denied = judgeBy(mesh, denies, destination, subject);
  if (denied.access === 'none') return denied;
  return { access: 'undetermined', operations: [], because: judgeBy(mesh, policies, destination, subject).because };
}

/** One list for all destinations that have the same policies. */
const enforcedOf = keptFor((policies: readonly Policy[]): readonly Policy[] =>
  policies.filter((policy) => !isDryRun(policy)),
);

function judgeBy(
  mesh: Mesh,
  policies: readonly Policy[],
  destination: WaypointDestination,
  subject: Subject,
): Judgement {
  const kind = protocolKind(destination.port.protocol?.value);
  const on = (chain: 'http' | 'tcp') =>
    judgeChain(mesh, policies, {
      subject,
      connection: connectionOf(mesh, destination, subject, chain),
      inspected: kind === 'tls',
    });
  const place = atName(destination.entry);
  if (kind === 'http') return judgementOf(on('http'), place);
  if (kind !== 'sniffed') return judgementOf(on('tcp'), place);
  return judgementOf(both(on('http'), on('tcp')), place);
}

/** The known attributes of a subject's connection. */
function connectionOf(
  mesh: Mesh,
  { entry, host, port }: Pick<WaypointDestination, 'entry' | 'host' | 'port'>,
  subject: Subject,
  chain: 'http' | 'tcp',
): Connection {
  return {
    source: sourceOf(mesh.settings.trustDomain, subject),
    destination: { host, port: port.number?.value ?? 0, addresses: dialledAddresses(mesh, entry, host) },
    chain,
    http: undefined,
    sni: undefined,
  };
}

/** A subject as policies see it. */
export function sourceOf(trustDomain: string, subject: Subject): Connection['source'] {
  const { namespace, serviceAccount } =
    subject === '*' ? { namespace: noIdentity, serviceAccount: undefined } : subject;
  return {
    namespace,
    serviceAccount: serviceAccount ?? noIdentity,
    trustDomain,
    ip: undefined,
  };
}

interface Worked {
  /** Undefined if there are too many combinations to compute. */
  readonly sure: readonly Clause[] | undefined;
  /** Whether an external authorizer decides. */
  readonly isDelegated: boolean;
  readonly because: Judgement['because'];
}

/** By what is known of an arrival: thousands of destinations of one waypoint can have the same policies and port. */
const workedOn = keptFor((_: readonly Policy[]) => new Map<string, Worked>());

function judgeChain(mesh: Mesh, policies: readonly Policy[], arrival: Arrival): Worked {
  const { subject, connection, inspected } = arrival;
  const providers = policies.some((policy) => actionOf(policy) === 'CUSTOM') ? knownProviders(mesh) : undefined;
  // No condition asks for the host of the destination, which it knows by the Host of the request.
  const { destination, ...known } = connection;
  const key = JSON.stringify([subject, known, destination.port, destination.addresses, inspected, providers]);
  return keptIn(workedOn(policies), key, () => workOut(policies, arrival, providers));
}

function workOut(policies: readonly Policy[], arrival: Arrival, providers: readonly string[] | undefined): Worked {
  const of = (action: string) => policies.filter((policy) => actionOf(policy) === action);
  const rules = (list: readonly Policy[]) => list.map((policy) => clausesOf(policy, arrival));
  const custom = of('CUSTOM');
  const refusing = custom.filter((policy) => canAsk(policy, custom, providers) === false);
  const [denies, allows, asks] = [
    rules([...of('DENY'), ...refusing]),
    rules(of('ALLOW')),
    rules(custom.filter((policy) => !refusing.includes(policy))),
  ];
  if ([...denies, ...allows, ...asks].includes(undefined))
    return { sure: undefined, isDelegated: false, because: policies.map(atName) };
  const flat = (list: readonly (readonly RuleClauses[] | undefined)[]) => list.flatMap((one) => one ?? []);
  const clauses = (list: readonly RuleClauses[]) => absorb(list.flatMap((one) => one.clauses));
  const granted = of('ALLOW').length === 0 ? [[]] : clauses(flat(allows));
  const kept = subtract(granted, clauses(flat(denies)));
  const isDelegated = kept && intersect(kept, clauses(flat(asks)));
  const sure = kept && subtract(kept, clauses(flat(asks)));
  const deciding = [
    ...flat(denies),
    ...flat(asks),
    ...(kept?.length === 0 && granted.length > 0 ? [] : flat(allows)),
  ].map(({ policy, span }) => ({ resource: policy, span }));
  return {
    sure,
    isDelegated: isDelegated === undefined || isDelegated.length > 0,
    because: deciding.length > 0 ? deciding : of('ALLOW').map(atName),
  };
}

const chainCondition: Condition = {
  http: false,
  actual: ({ chain }) => chain,
  test: (value, { chain }) => (value === chain ? 'yes' : 'no'),
};

/** A port whose protocol is detected: what is allowed can depend on the client's protocol. */
function both(http: Worked, tcp: Worked): Worked {
  const because = [
    ...http.because,
    ...tcp.because.filter(
      (one) => !http.because.some(({ resource, span }) => resource === one.resource && sameSpan(span, one.span)),
    ),
  ];
  const isDelegated = http.isDelegated || tcp.isDelegated;
  if (!http.sure || !tcp.sure) return { sure: undefined, isDelegated, because };
  const only = (clauses: readonly Clause[], chain: string) =>
    clauses.map(
      (clause): Clause => [
        { field: 'chain', condition: chainCondition, values: [chain], negated: false, namespace: '' },
        ...clause,
      ],
    );
  const all = http.sure.some((clause) => clause.length === 0) && tcp.sure.some((clause) => clause.length === 0);
  return { sure: all ? [[]] : [...only(http.sure, 'http'), ...only(tcp.sure, 'tcp')], isDelegated, because };
}

function judgementOf({ sure, isDelegated, because }: Worked, place: Judgement['because'][number]): Judgement {
  const grounds = because.length > 0 ? because : [place];
  if (!sure) return { access: 'undetermined', operations: [], because: grounds };
  const all = sure.some((clause) => clause.length === 0);
  const operations = all ? [] : sure.map(operationOf);
  if (isDelegated) return { access: 'undetermined', operations, because: grounds };
  if (all) return { access: 'all', operations, because: grounds };
  return { access: sure.length === 0 ? 'none' : 'some', operations, because: grounds };
}

function atName(resource: Resource): Judgement['because'][number] {
  return { resource, span: resource.at.name };
}
