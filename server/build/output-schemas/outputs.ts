// The JSON that commands print with `--format json`, by command.
import { accesses, severities, tlsOnTheWay, traceProperties, verdicts, waysOut } from './definitions.ts';
import { choice, flag, list, number, object, orNull, ref, text, type Schema } from './parts.ts';

interface Output {
  readonly title: string;
  readonly content: Schema;
}

const version: Schema = {
  const: 1,
  description: 'Of this shape: another number for a change that is not an addition.',
};
const counts = {
  files: number('YAML files that were read.'),
  resources: number(),
  istioResources: number('Those of Istio and the Gateway API.'),
};

export const outputs: Readonly<Record<string, Output>> = {
  check: {
    title: 'istio-egress check --format json',
    content: object({
      version,
      ...counts,
      findings: list(ref('finding')),
      skipped: list(object({ file: text(), why: text() }), 'Files that were not, or not wholly, read.'),
      ignored: object({ comments: number(), severities: number() }, 'Findings that comments and severities hide.'),
      'cluster?': cluster(),
      'baseline?': object({
        file: text(),
        known: number('Findings that it knew.'),
        stale: list(
          object({ rule: text(), file: text(), resource: text(), field: text() }),
          'Entries of which nothing is left.',
        ),
      }),
    }),
  },
  trace: {
    title: 'istio-egress trace --format json',
    content: object({ version, ...traceProperties() }),
  },
  access: {
    title: 'istio-egress access --format json',
    content: object({
      version,
      'short?': flag(
        'The table is large: rows that repeat those of their namespace or of all other clients are omitted.',
      ),
      rows: list(
        object({
          from: ref('subject'),
          host: text('* for all hosts, in a short table.'),
          port: number('0 for all ports.'),
          via: choice(waysOut),
          access: choice(accesses),
          operations: list(ref('operation'), 'What is surely allowed where it is not all; any of them.'),
          because: list(ref('place')),
          'refused?': list(text(), 'Why the API server refuses objects that would count otherwise.'),
          'assumed?': list(text(), 'What is taken for granted that no file shows.'),
        }),
      ),
    }),
  },
  stats: { title: 'istio-egress stats --format json', content: stats() },
  diff: { title: 'istio-egress diff --format json', content: diff() },
  graph: { title: 'istio-egress graph --format json', content: graph() },
  test: {
    title: 'istio-egress test --format json',
    content: object({
      version,
      files: list(
        object({
          file: text(),
          tests: list(
            object({
              name: text(),
              range: ref('range'),
              outcome: choice(['passed', 'failed']),
              message: text('Empty where it passed.'),
              trace: ref('trace'),
            }),
          ),
          problems: list(object({ message: text(), range: ref('range') }), 'What is wrong with the file itself.'),
        }),
      ),
    }),
  },
};

function cluster(): Schema {
  return object(
    {
      context: text(),
      takenAt: text('ISO 8601.'),
      namespaces: orNull(list(text()), 'null: all.'),
      resources: number('Of the cluster, that no file describes.'),
      unread: list(object({ kind: text(), why: text() })),
      statuses: list(
        object({
          code: text(),
          severity: choice(severities),
          message: text(),
          file: text(),
          range: ref('range'),
          resource: ref('resource'),
          condition: text(),
          status: text(),
          reason: text(),
          since: orNull(text()),
        }),
        'What controllers report; no say in the exit code.',
      ),
    },
    'With --cluster.',
  );
}

function stats(): Schema {
  const numbers = (names: readonly string[], description: string) =>
    object(Object.fromEntries(names.map((name) => [name, number()])), description);
  const share: Schema = { type: ['number', 'null'], minimum: 0, maximum: 1 };
  return object({
    version,
    ...counts,
    hosts: number('External hosts of ServiceEntries.'),
    wildcardHosts: number(),
    destinations: number('Each a host and a port.'),
    closed: number('Destinations that no client may call: they are in none of the counts below.'),
    through: numbers(
      ['waypoint', 'gateway', 'mixed', 'direct'],
      'mixed: some clients go through a gateway, others past every one.',
    ),
    callers: numbers(['restricted', 'all', 'unknown'], 'restricted: policies allow named clients only.'),
    tls: numbers(
      ['originated', 'passThrough', 'plain', 'none', 'unknown'],
      'The least that some client gets; none: no request arrives.',
    ),
    unverified: number(
      'Destinations of which the mesh does not verify the certificate, or its name, or sends plaintext to a TLS port.',
    ),
    accessLog: numbers(['logged', 'notLogged', 'noProxy', 'unknown'], 'The least that some client gets.'),
    shares: object(
      { throughGateway: share, restricted: share, encrypted: share, logged: share },
      'Of the destinations that are not closed; null without any.',
    ),
    gateways: list(
      object({ kind: choice(['waypoint', 'gateway']), namespace: text(), name: text(), destinations: number() }),
    ),
    findings: object({
      ...Object.fromEntries(severities.map((severity) => [severity, number()])),
      byRule: { type: 'object', additionalProperties: number() },
    }),
  });
}

function diff(): Schema {
  const cause = object({
    what: choice(['added', 'removed', 'changed', 'unchanged']),
    resource: ref('resource'),
    file: text(),
    range: ref('range'),
  });
  const row = orNull(
    object({
      via: choice(waysOut),
      access: choice(accesses),
      operations: list(ref('operation')),
      tls: orNull({ enum: tlsOnTheWay }),
      proxy: orNull(object({ namespace: text(), name: text() })),
      bypasses: flag(),
      'assumed?': list(text()),
      'refused?': list(text()),
    }),
    'null where nothing declares the host and port.',
  );
  const finding = object({
    rule: text(),
    severity: choice(severities),
    message: text(),
    file: text(),
    range: ref('range'),
  });
  return object({
    version,
    before: text('What is compared, as it was named.'),
    after: text(),
    resources: list(cause, 'Changed resources.'),
    access: list(
      object({
        what: choice(['opened', 'closed', 'changed']),
        from: ref('subject'),
        host: text(),
        port: number(),
        before: row,
        after: row,
        opened: list(ref('operation'), 'What is surely allowed now and was not.'),
        closed: list(ref('operation')),
        bypasses: flag('Requests pass a waypoint that is meant for them, and did not before.'),
        causes: list(cause),
      }),
    ),
    requests: list(
      object({
        request: text(),
        before: choice(verdicts),
        after: choice(verdicts),
        summary: text(),
        causes: list(cause),
      }),
      'Declared requests whose verdict is another.',
    ),
    expectations: list(
      object({ file: text(), line: number('From 1.'), name: text(), message: text() }),
      'Expectations that held before.',
    ),
    findings: object({ new: list(finding), fixed: list(finding) }),
    limits: list(text(), 'What was not compared.'),
  });
}

function graph(): Schema {
  return object({
    version,
    short: flag('Clients whose answers repeat those of their namespace, or of all other clients, are omitted.'),
    clients: list(
      object({
        id: text(),
        namespace: orNull(text('null: all clients that no other node stands for.')),
        account: orNull(text('null: the accounts of the namespace that have no node.')),
        from: text('How `trace --from` names it.'),
      }),
    ),
    gateways: list(
      object({
        id: text(),
        kind: choice(['waypoint', 'gateway', 'none', 'unknown'], 'none: past every gateway.'),
        namespace: text(),
        name: text(),
        place: orNull(ref('place')),
      }),
    ),
    hosts: list(
      object({
        id: text(),
        host: text('* for all hosts.'),
        ports: list(object({ number: number(), protocol: orNull(text()), url: text() })),
        place: orNull(ref('place')),
      }),
    ),
    edges: list(
      object({
        client: text(),
        gateway: text(),
        host: text(),
        port: number(),
        access: choice(accesses),
        allowed: text('What the client may send, in words.'),
        tls: choice(tlsOnTheWay),
        bypasses: flag(),
        because: list(ref('place')),
        notes: list(text()),
      }),
    ),
    findings: list(
      object({
        rule: text(),
        severity: choice(severities),
        message: text(),
        place: ref('place'),
        nodes: list(text(), 'Ids of clients, gateways and hosts.'),
      }),
    ),
  });
}
