import { awaitedServer, protocolOnPort } from '../../mesh/hosts/server-first.ts';
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { protocolKind } from '../../names/protocols.ts';
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
      const message = faultOf(entry, port);
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

/** server/docs/istio-semantics.md §2.22; server/docs/istio-semantics-classic.md §C.36. */
function faultOf(entry: Resource<'ServiceEntry'>, port: ServiceEntryPort): string | undefined {
  const to = `port ${port.number?.value ?? ''} of ${entry.spec.hosts[0]?.value ?? entry.name}`;
  const awaited = awaitedServer(entry, port);
  if (awaited)
    return `Connections to ${to} hang: without a protocol the proxy waits for the client's first bytes, and with ${awaited.name} the server sends first.`;
  const known = protocolKind(port.protocol?.value) === 'http' ? protocolOnPort(entry, port) : undefined;
  return (
    known && `Connections to ${to} fail: the port is declared ${port.protocol!.value}, and ${known.name} is not HTTP.`
  );
}
