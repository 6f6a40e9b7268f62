import { targetPortsOf } from '../../mesh/hosts/target-ports.ts';
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { protocolKind } from '../../names/protocols.ts';
import { wellKnownProtocol, type WellKnownProtocol } from '../../names/well-known-ports.ts';
import { defineRule, type RuleFinding } from '../rule.ts';

interface Data {
  readonly index: number;
}

export const serverFirstWithoutProtocol = defineRule({
  id: 'server-first-without-protocol',
  stage: 'capture',
  summary:
    'Connections to a database, mail or file server hang or fail, because its port is HTTP or without a protocol.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['ServiceEntry'],
  inputs: [],

  *check(entry): Iterable<RuleFinding<Data>> {
    for (const [index, port] of entry.spec.ports.entries()) {
      const known = protocolOf(entry, port);
      const message = known && faultOf(known, port, entry.spec.hosts[0]?.value ?? entry.name);
      if (message === undefined) continue;
      yield { at: (port.protocol ?? port.number ?? port).span, message, data: { index } };
    }
  },

  *fixes({ index }, entry) {
    yield {
      title: 'Set protocol: TCP',
      safety: 'unsafe',
      changes: [{ op: 'set', in: entry, path: ['spec', 'ports', index, 'protocol'], value: 'TCP' }],
    };
  },
});

function protocolOf(entry: Resource<'ServiceEntry'>, port: ServiceEntryPort): WellKnownProtocol | undefined {
  const numbers = [port.number?.value, ...targetPortsOf(entry, port).map(({ number }) => number)];
  return wellKnownProtocol(
    numbers.flatMap((number) => number ?? []),
    port.name?.value,
  );
}

/** server/docs/istio-semantics.md §2.22; server/docs/istio-semantics-classic.md §C.36. */
function faultOf(known: WellKnownProtocol, port: ServiceEntryPort, host: string): string | undefined {
  const kind = protocolKind(port.protocol?.value);
  const to = `port ${port.number?.value ?? ''} of ${host}`;
  if (kind === 'http')
    return `Connections to ${to} fail: the port is declared ${port.protocol!.value}, and ${known.name} is not HTTP.`;
  if (kind === 'sniffed' && known.isServerFirst && !port.protocol?.value)
    return `Connections to ${to} hang: without a protocol the proxy waits for the client's first bytes, and with ${known.name} the server sends first.`;
  return undefined;
}
