// Whether the waypoint's line in the access log is what the trace says, and whether `log` says of it what the trace says of the request.
import { explainLogLine, type LogExplanation } from '../../server/src/eval/log/explain-line.ts';
import { readLogLine } from '../../server/src/eval/log/read-line.ts';
import { valueOf } from '../../server/src/eval/log/entry.ts';
import type { FailureCause, Trace } from '../../server/src/eval/trace/step.ts';
import type { Mesh } from '../../server/src/mesh/mesh.ts';
import { differs } from './differs.ts';
import type { Answer, Query } from './messages.ts';

export type Line = Answer['lines'][number];

/** Every line is one that `log` reads, of the proxy that wrote it, with a cause. */
export function unexplained(line: Line, mesh: Mesh): readonly string[] {
  const { proxy, text } = line;
  const { writers } = pods[proxy] ?? pods.client;
  const explained = explain(line, mesh);
  if (!explained) return [`log does not read: ${text}`];
  // Without a connection a line does not always show whose it is, and pods of clients have any name.
  const isTold = explained.notes.some((note) => note.startsWith('The line does not tell a sidecar from'));
  const isAnonymous = explained.writer === 'unknown' && !pods[proxy] && isTold;
  if (!isAnonymous && !writers.includes(explained.writer)) return [`log takes it for ${explained.writer}: ${text}`];
  return /not known|own words|not in Envoy's list|no status/i.test(explained.summary)
    ? [`log does not know: ${text}`]
    : [];
}

/** As `kubectl logs --prefix` shows it: where a line has no cluster, only the name of the pod tells whose it is. */
export function withPod({ proxy, text }: Line): string {
  // Waypoints are named with their namespace.
  const { pod } = pods[proxy.includes('/') ? 'waypoint' : proxy] ?? pods.client;
  return `[pod/${pod}-6d5f7b9c4-x2x7z/istio-proxy] ${text}`;
}

function explain(line: Line, mesh: Mesh): LogExplanation | undefined {
  return explainLogLine(withPod(line), mesh);
}

interface Writers {
  readonly pod: string;
  readonly writers: readonly string[];
}

const pods: Readonly<Record<string, Writers>> & { readonly client: Writers } = {
  waypoint: { pod: 'waypoint', writers: ['waypoint', 'tunnel'] },
  gateway: { pod: 'istio-egressgateway', writers: ['egress-gateway'] },
  client: { pod: 'client', writers: ['sidecar-outbound'] },
};

export function logProblems(trace: Trace, { isQuiet }: Query, { lines }: Answer, mesh: Mesh): readonly string[] {
  const { log } = trace;
  if (!log) return [];
  // The end of the tunnel writes one too where what is inside fails.
  const own = lines.filter(({ text }) => !text.includes('"CONNECT '));
  const [line] = own;
  if (own.length === 0 && isQuiet) return [];
  if (!line || own.length > 1) return [`${own.length} lines in the access log`];
  const entry = readLogLine(line.text);
  const value = (field: string) => (entry && valueOf(entry, field)) ?? '-';
  const explained = explain({ proxy: 'waypoint', text: line.text }, mesh);
  return [
    ...differs('log status', String(log.status ?? 0), value('response_code')),
    // An authorizer that cannot be reached refuses before a cluster is chosen, or after.
    ...(value('response_flags') === 'UAEX' && value('upstream_cluster') === '-'
      ? []
      : differs('log cluster', log.upstreamCluster, value('upstream_cluster'))),
    ...causeProblems(trace, mesh, value('response_flags').replace(/^DI(?:,|$)/, '') || '-', explained?.result ?? ''),
    ...(explained ? linkProblems(trace, mesh, log.upstreamCluster, explained) : []),
  ];
}

interface Said {
  readonly flags: RegExp;
  /** Of `log`. */
  readonly result: RegExp;
}

const unanswered = /^(?:UF|UF,URX|URX,UF)$/;
// Our client closes once it has the whole body, which can be before an HTTP/2 server ends its stream.
const noFlag = /^(?:-|DC)$/;
// A fault that only delays is told before what comes of the request.
const byUpstream =
  /injected fault delayed|answer came from the upstream|bytes went through|client closed the connection before the answer was complete/;
const noRoute: Said = { flags: /^NR$/, result: /no route/ };
const noCluster: Said = { flags: /^NC$/, result: /a cluster that does not exist|injected fault delayed/ };

/** What the line and its explanation must say, by what the trace names as the cause. */
const saidOf: Partial<Readonly<Record<FailureCause, readonly Said[]>>> = {
  'port-not-listed': [noRoute],
  'dynamic-resolution': [noRoute, noCluster],
  unmatched: [noRoute],
  'other-host': [noRoute],
  'no-destination': [noCluster, { flags: noFlag, result: /a route answered by itself/ }],
  'not-http': [{ flags: /^DPE$/, result: /did not speak the expected protocol/ }],
  'no-backend': [{ flags: noFlag, result: /a route answered by itself/ }],
  'bad-path': [{ flags: noFlag, result: /path could not be normalized/ }],
  deliberate: [
    { flags: noFlag, result: /a route answered by itself/ },
    { flags: /^FI$/, result: /an injected fault/ },
  ],
  'plaintext-to-tls': [
    { flags: noFlag, result: byUpstream },
    // With the flag of the last attempt where the route tries again after a reset.
    { flags: /^(?:URX,)?UPE$/, result: /server did not speak the expected protocol/ },
  ],
  'tls-to-plaintext': [
    { flags: unanswered, result: /does not speak TLS on that port|certificate that the DestinationRule names/ },
    // The client's own TLS.
    { flags: noFlag, result: /bytes went through/ },
  ],
  'double-tls': [
    { flags: noFlag, result: /bytes went through/ },
    { flags: unanswered, result: /does not speak TLS on that port|certificate that the DestinationRule names/ },
  ],
  credential: [
    { flags: unanswered, result: /certificate that the DestinationRule names|certificate is for another name/ },
  ],
  'server-name': [{ flags: unanswered, result: /certificate is for another name/ }],
  'no-endpoint': [
    { flags: /^UH$/, result: /no endpoint|no healthy/i },
    // An address that Istio allocates, dialled outside.
    { flags: unanswered, result: /no route to the server/ },
  ],
};

const denials: Readonly<Record<NonNullable<Trace['denial']>, Said>> = {
  implicit: { flags: noFlag, result: /implicit deny/ },
  rule: {
    flags: /^(?:-|UAEX)$/,
    result: /AuthorizationPolicy \S+ (?:matched|sends the request to an external)|external authorizer/,
  },
};

function causeProblems(trace: Trace, mesh: Mesh, flags: string, result: string): readonly string[] {
  const { verdict, cause, denial } = trace;
  if (verdict === 'undetermined' || (verdict === 'denied' && !denial)) return [];
  if (denial === 'implicit' && isByUnseen(mesh, result)) return [];
  return saidFor(trace).some((one) => one.flags.test(flags) && one.result.test(result))
    ? []
    : [`cause ${cause ?? denial ?? verdict}: flags ${flags}, log says: ${result}`];
}

function saidFor({ cause, denial }: Trace): readonly Said[] {
  if (denial) return [denials[denial]];
  return cause ? (saidOf[cause] ?? []) : [{ flags: noFlag, result: byUpstream }];
}

/** A policy that denies first, by what a trace does not know: the client's address or token, or an authorizer, of which none answers here. */
function isByUnseen(mesh: Mesh, result: string): boolean {
  if (/an external authorizer \(a CUSTOM policy\) refused/.test(result)) return true;
  const [, namespace, name] = /AuthorizationPolicy ([^/ ]+)\/(\S+) /.exec(result) ?? [];
  if (namespace === undefined || name === undefined) return false;
  return mesh
    .named('AuthorizationPolicy', namespace, name)
    .some(({ spec }) => /ip(?:Blocks)?"|requestPrincipals|request\.auth/i.test(JSON.stringify(spec)));
}

/** `log` leads to the entry whose host the cluster has, and to the policy that denied. */
function linkProblems(trace: Trace, mesh: Mesh, cluster: string, explained: LogExplanation): readonly string[] {
  const { links, result } = explained;
  const { denial, steps } = trace;
  const withoutEntry =
    cluster.startsWith('inbound-vip|') && links.every(({ resource }) => resource.kind !== 'ServiceEntry');
  const policies = steps.flatMap(({ stage, outcome, evidence }) =>
    stage === 'authorization' && outcome === 'no' ? evidence.map(({ resource }) => resource) : [],
  );
  const isDenied = denial === 'rule' && policies.length > 0 && !isByUnseen(mesh, result);
  const isNamed = policies.some((policy) => links.some(({ resource }) => resource === policy));
  return [
    ...(withoutEntry ? [`log does not lead to the ServiceEntry of ${cluster}`] : []),
    ...(isDenied && !isNamed ? [`log does not lead to the policy that denied`] : []),
  ];
}
