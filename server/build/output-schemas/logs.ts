// The JSON of commands that read access logs.
import { flowProperties, version } from './definitions.ts';
import { choice, list, number, object, orNull, ref, text, type Schema } from './parts.ts';

export function log(): Schema {
  const field = object({
    name: text(),
    operator: orNull(text(), 'Of Envoy: `%START_TIME%`.'),
    value: text(),
    meaning: text(),
  });
  const line = object({
    line: number('From 1.'),
    format: choice(['envoy-text', 'envoy-json', 'ztunnel']),
    writer: choice([
      'ztunnel',
      'waypoint',
      'sidecar-outbound',
      'sidecar-inbound',
      'egress-gateway',
      'ingress-gateway',
      'gateway',
      'tunnel',
      'unknown',
    ]),
    outcome: choice(
      ['answered', 'denied', 'failed', 'connected'],
      'answered: by the destination, whatever its status; denied: by a policy; failed: anything else.',
    ),
    time: orNull(text(), 'As written.'),
    client: orNull(text(), '`NAMESPACE/POD`, or the address of its pod.'),
    request: text(),
    result: text('The status and the cause.'),
    summary: text('The request and the result.'),
    fields: list(field),
    resources: list(
      object({ file: text(), range: ref('range'), resource: ref('resource'), message: text() }),
      'What the line speaks of, in the files of --manifests.',
    ),
    notes: list(text()),
    proposal: orNull(
      object({
        title: text(),
        yaml: text(),
        fill: list(text(), 'What must be filled in or looked at before it is applied.'),
        addTo: orNull(ref('place'), 'The policy that a rule is to be added to.'),
      }),
      'Of a policy for a denied request, or a ServiceEntry for an unknown host.',
    ),
  });
  return object({ version, lines: list(line), passedOver: number('Lines that are not access-log lines.') });
}

export function learn(): Schema {
  const place = { file: text(), range: ref('range'), resource: ref('resource') };
  const flows = (description: string) => list(ref('flow'), description);
  return object({
    version,
    lines: object({
      read: number('Access-log lines.'),
      skipped: number('Other lines.'),
      inside: number('Of traffic inside the mesh.'),
      dropped: number('Not kept, because there were too many different requests.'),
    }),
    manifests: text('New manifests, as YAML; empty where none is needed.'),
    allowedBefore: flows('What the manifests let through without the proposal.'),
    proposed: flows('What the proposal lets through.'),
    withoutAccount: flows('What no proposal is made for, as nothing tells the account.'),
    unsolved: list(
      object({ ...flowProperties(), reason: text() }),
      'What is not let through with the proposal either.',
    ),
    unlisted: flows('What left, or was stopped, because no ServiceEntry has the host.'),
    refused: flows('What a policy denied, and what failed.'),
    unused: object({
      ports: list(object({ host: text(), port: number(), ...place }), 'Ports that no line uses.'),
      rules: list(object({ rule: number('From 1.'), ...place }), 'Rules of policies that let no line through.'),
    }),
  });
}
