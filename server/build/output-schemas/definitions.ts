// Shapes that several outputs share.
import { stages } from '../../src/eval/trace/step.ts';
import { choice, flag, list, number, object, orNull, ref, text, type Schema } from './parts.ts';

export const severities = ['error', 'warning', 'information', 'hint'] as const;
export const verdicts = ['allowed', 'denied', 'fails', 'bypasses', 'undetermined'] as const;
export const waysOut = ['waypoint', 'gateway', 'direct'] as const;
export const accesses = ['all', 'some', 'none', 'undetermined'] as const;
export const tlsOnTheWay = ['plain', 'pass-through', 'originated', 'mutual', 'unknown', 'none'] as const;

export const version: Schema = {
  const: 1,
  description: 'Of this shape: another number for a change that is not an addition.',
};

const named = object({ namespace: text(), name: text() });

export const definitions: Readonly<Record<string, Schema>> = {
  position: object({ line: number('From 0.'), character: number('From 0, in UTF-16 code units.') }),
  range: object({ start: ref('position'), end: ref('position') }, 'As in the Language Server Protocol.'),
  resource: object({
    kind: text(),
    namespace: text('Empty for a kind without namespace.'),
    name: text(),
  }),
  place: object(
    {
      file: text(
        'Relative to the working directory if it is below it; - for standard input; istio-egress-cluster:… for an object of a cluster.',
      ),
      range: ref('range'),
      resource: ref('resource'),
    },
    'What in the files decides.',
  ),
  finding: object({
    rule: text('`istio-egress explain RULE` prints its page.'),
    severity: choice(severities),
    message: text(),
    file: text(),
    range: ref('range'),
    resource: orNull(ref('resource')),
    related: list(object({ file: text(), range: ref('range'), message: text() })),
    fixes: list(
      object({ title: text(), safety: choice(['safe', 'unsafe'], 'safe: `istio-egress fix` applies it.') }),
      'The first is the preferred one.',
    ),
    peers: list(text(), 'Codes of istioctl and Kiali for the same.'),
    'origin?': text('`cluster:CONTEXT` for an object that no file has.'),
  }),
  subject: {
    description: 'Clients; * for all that no other row names.',
    anyOf: [
      { const: '*' },
      object({ namespace: text(), serviceAccount: orNull(text('null: the other accounts of the namespace.')) }),
    ],
  },
  operation: object(
    {
      'methods?': list(text(), 'Absent: any.'),
      'paths?': list(text(), 'Absent: any.'),
      'when?': list(text(), 'What must hold besides, in words; all of it.'),
    },
    'Requests of one kind.',
  ),
  accessRow: object({
    from: ref('subject'),
    host: text('* for all hosts, in a short table.'),
    port: number('0 for all ports.'),
    via: choice(waysOut),
    access: choice(accesses),
    operations: list(ref('operation'), 'What is surely allowed where it is not all; any of them.'),
    because: list(ref('place')),
    'becauseMore?': number('How many more places decide than the 20 that are listed.'),
    'refused?': list(text(), 'Why the API server refuses objects that would count otherwise.'),
    'assumed?': list(text(), 'What is taken for granted that no file shows.'),
    'skips?': list(text(), 'What of the client goes direct to the host, past the proxy that decides.'),
  }),
  step: object({
    stage: choice(stages),
    'hop?': choice(['client', 'ztunnel', 'sidecar', 'waypoint', 'gateway', 'host'], 'Who has the request.'),
    outcome: choice(['yes', 'no', 'unknown']),
    message: text(),
    'details?': list(text()),
    'assumed?': flag('Something is taken for granted that no file shows; the message says what.'),
    evidence: list(ref('place')),
  }),
  upstream: object({
    address: text('The host name or address that is dialled.'),
    port: number(),
    protocol: choice(['http', 'tcp', 'tls']),
    tls: orNull(
      object({
        mode: choice(['SIMPLE', 'MUTUAL']),
        sni: orNull(text()),
        verifiesName: flag(),
        roots: orNull(text('`system`, a credential or a file; null where no certificate is verified.')),
        subjectAltNames: list(text()),
      }),
      'TLS that a proxy originates.',
    ),
  }),
  trace: object(traceProperties()),
  flow: object(flowProperties(), 'Requests of a log that are alike.'),
};

export function traceProperties(): Readonly<Record<string, Schema>> {
  return {
    verdict: choice(verdicts),
    summary: text(),
    steps: list(ref('step')),
    waypoint: orNull(named),
    'gateway?': object({ namespace: text(), name: text() }, 'The Service of the egress gateway on the way.'),
    upstream: orNull(ref('upstream')),
    log: orNull(
      object({ upstreamCluster: text(), status: orNull(number()) }),
      'What the access log of the waypoint, or of the sidecar, would say.',
    ),
    'hops?': list(
      object({
        proxy: choice(['sidecar', 'gateway']),
        namespace: text(),
        name: orNull(text()),
        upstreamCluster: text(),
        status: orNull(number()),
        flags: list(text(), 'RESPONSE_FLAGS: one of these.'),
        serverName: orNull(text()),
      }),
      'The access-log line of each sidecar and egress gateway, in order.',
    ),
    candidates: list(ref('trace'), 'Where age or something unseen decides: the traces that are possible.'),
  };
}

export function flowProperties(): Readonly<Record<string, Schema>> {
  return {
    client: orNull(object({ namespace: text(), serviceAccount: text() }), 'null: nothing tells the account.'),
    seenAs: text('The account, else the address or the pod.'),
    host: orNull(text()),
    address: orNull(text(), 'Where the log names no host.'),
    port: number(),
    protocol: choice(['HTTP', 'TLS', 'TCP']),
    method: orNull(text()),
    path: orNull(text(), 'As policies see it.'),
    fate: choice(
      ['left', 'passed', 'blocked', 'denied', 'failed'],
      'passed: left although no ServiceEntry has the host; blocked: stopped because none has.',
    ),
    count: number(),
    first: orNull(text(), 'The first time, as written.'),
    last: orNull(text()),
  };
}
