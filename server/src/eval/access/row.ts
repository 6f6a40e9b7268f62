import type { Span } from '../../base/span.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { judgeClause, keyOf, type Atom, type Clause } from './atom.ts';
import type { Connection } from '../authz/connection.ts';
import type { Outcome } from '../authz/verdict.ts';
import type { Passage } from './passage.ts';
import type { Subject } from './access-subjects.ts';

type Access = 'all' | 'some' | 'none' | 'undetermined';

export interface AccessRow extends Passage {
  readonly from: Subject;
  readonly host: string;
  readonly port: number;
  readonly via: 'waypoint' | 'gateway' | 'direct';
  /** `undetermined`: age, an external authorizer or something unseen decides; operations are then those that are sure. */
  readonly access: Access;
  /** What is allowed where it is not all; any of them. */
  readonly operations: readonly Operation[];
  readonly because: readonly { readonly resource: Resource; readonly span: Span }[];
  /** What is taken for granted that no file shows, a sentence each. */
  readonly assumed?: readonly string[] | undefined;
  /** What of the client goes direct to the host, past the proxy that decides this row, a sentence each. */
  readonly skips?: readonly string[] | undefined;
}

/** Why the API server refuses an object that would count otherwise, a clause each. */
export function refusalsOf({ because }: AccessRow): readonly string[] {
  return because.flatMap(({ resource }) =>
    resource.refused ? [`${describe(resource)} is refused (${resource.refused.reason}), so it does not count`] : [],
  );
}

/** Requests of one kind: each list that is there narrows them. */
export interface Operation {
  /** Any of them, in policies' notation; undefined: any method. */
  readonly methods: readonly string[] | undefined;
  readonly paths: readonly string[] | undefined;
  /** What must hold besides, in words; all of them. */
  readonly when: readonly string[];
  /** The same for a program. */
  readonly clause: Clause;
}

export function operationOf(clause: Clause): Operation {
  const positive = (field: string) => clause.find((atom) => atom.field === field && !atom.negated);
  const [methods, paths] = [positive('methods'), positive('paths')];
  return {
    methods: methods?.values,
    paths: paths?.values,
    when: clause.filter((atom) => atom !== methods && atom !== paths).map(wordsOf),
    clause,
  };
}

/** Whether the row lets a request of its subject to its host and port through. */
export function admits(
  { access, operations }: Pick<AccessRow, 'access' | 'operations'>,
  connection: Connection,
): Outcome {
  if (access === 'all') return 'yes';
  const outcomes = operations.map(({ clause }) => judgeClause(clause, connection));
  if (outcomes.includes('yes')) return 'yes';
  return access === 'undetermined' || outcomes.includes('unknown') ? 'unknown' : 'no';
}

export function sameOperations(a: readonly Operation[], b: readonly Operation[]): boolean {
  const key = (list: readonly Operation[]) =>
    JSON.stringify(list.map(({ clause }) => JSON.stringify(clause.map(keyOf).sort())).sort());
  return key(a) === key(b);
}

const subjects: Readonly<Record<string, string>> = {
  methods: 'the method',
  paths: 'the path',
  hosts: 'the Host',
  ports: 'the port',
  principals: "the client's principal",
  namespaces: "the client's namespace",
  serviceAccounts: "the client's service account",
  trustDomains: "the client's trust domain",
  ipBlocks: "the client's address",
  remoteIpBlocks: "the original client's address",
  'destination.ip': 'the destination address',
  'connection.sni': 'the TLS server name',
  requestPrincipals: "the token's principal",
  'request.auth.principal': "the token's principal",
  'request.auth.audiences': "the token's audience",
  'request.auth.presenter': "the token's presenter",
};

function wordsOf({ field, values, negated }: Atom): string {
  if (field === 'chain') return (values[0] === 'http') !== negated ? 'the traffic is HTTP' : 'the traffic is not HTTP';
  const subject = subjectOf(field);
  if (values.length === 1 && values[0] === '*') return `${subject} is ${negated ? 'absent' : 'present'}`;
  return `${subject} is ${negated ? 'not ' : ''}${list(values, negated ? 'nor' : 'or')}`;
}

function subjectOf(field: string): string {
  const header = /^request\.headers\[(.+)\]$/.exec(field)?.[1];
  if (header !== undefined) return `the header ${header}`;
  const claim = /^request\.auth\.claims(.*)$/.exec(field)?.[1];
  if (claim !== undefined) return `the token's claim ${claim}`;
  return Object.hasOwn(subjects, field) ? subjects[field]! : field;
}

function list(values: readonly string[], by: string): string {
  return values.length === 1 ? values[0]! : `${values.slice(0, -1).join(', ')} ${by} ${values.at(-1)!}`;
}
