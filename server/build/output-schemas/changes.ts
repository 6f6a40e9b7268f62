// The JSON of commands that compare states: `diff`, `drift`, and those that plan changes of files.
import { accesses, severities, tlsOnTheWay, verdicts, version, waysOut } from './definitions.ts';
import { anything, choice, flag, list, number, object, orNull, ref, text, type Schema } from './parts.ts';

export function diff(): Schema {
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
      'skips?': list(text()),
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

export function drift(): Schema {
  return object({
    version,
    context: text(),
    takenAt: text('ISO 8601.'),
    resources: number('In the files.'),
    drift: list(
      object({
        what: choice(['missing', 'extra', 'different', 'not-compared'], 'extra: only the cluster has it.'),
        resource: ref('resource'),
        file: text('istio-egress-cluster:… for what only the cluster has.'),
        range: orNull(ref('range'), 'null for what only the cluster has.'),
        'fields?': list(
          object({
            path: text('`spec.ports[0].targetPort`'),
            'file?': anything('Absent: not in the file.'),
            'cluster?': anything('Absent: not in the cluster.'),
          }),
          'With different.',
        ),
        'why?': text('With not-compared.'),
        'byDesign?': flag('With not-compared: never compared, as the values of Secrets; no say in the exit code.'),
      }),
    ),
  });
}

export function migrate(): Schema {
  return object({
    version,
    virtualServices: list(text(), 'Those that send outside hosts through an egress gateway.'),
    routes: list(text(), 'The same of routes of the Gateway API; without either there is nothing to migrate.'),
    requests: list(
      object({
        request: text(),
        before: text('The verdict and the way, in words.'),
        after: text(),
        same: flag('Both end alike.'),
      }),
    ),
    notCarriedOver: list(text(), 'What is to be done by hand, or is lost.'),
    diff: text('Of the files, as a unified diff.'),
  });
}

export function newRoute(): Schema {
  return object({
    version,
    title: text(),
    files: list(text(), 'Those that are written.'),
    diff: text('Of the files, as a unified diff.'),
    requests: list(
      object({
        request: text(),
        asAsked: flag('The trace ends as the answers say.'),
        trace: ref('trace'),
      }),
    ),
    access: list(ref('accessRow'), 'Who may call the host.'),
    notes: list(text()),
  });
}
