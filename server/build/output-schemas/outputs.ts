// The JSON that commands print with `--format json`, by command.
import { diff, drift, migrate, newRoute } from './changes.ts';
import { severities, traceProperties, version } from './definitions.ts';
import { graph } from './graph.ts';
import { learn, log } from './logs.ts';
import { choice, flag, list, number, object, orNull, ref, text, type Schema } from './parts.ts';

interface Output {
  readonly title: string;
  readonly content: Schema;
}

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
      rows: list(ref('accessRow')),
    }),
  },
  stats: { title: 'istio-egress stats --format json', content: stats() },
  diff: { title: 'istio-egress diff --format json', content: diff() },
  drift: { title: 'istio-egress drift --format json', content: drift() },
  migrate: { title: 'istio-egress migrate --format json', content: migrate() },
  new: { title: 'istio-egress new route --format json', content: newRoute() },
  log: { title: 'istio-egress log --format json', content: log() },
  learn: { title: 'istio-egress learn --format json', content: learn() },
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
