// The JSON of `graph`.
import { accesses, severities, tlsOnTheWay, version } from './definitions.ts';
import { choice, flag, list, number, object, orNull, ref, text, type Schema } from './parts.ts';

export function graph(): Schema {
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
        'becauseMore?': number('How many more places decide than the 20 that are listed.'),
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
