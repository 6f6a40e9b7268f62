import { awaitedServer, protocolOnPort } from '../../mesh/hosts/server-first.ts';
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { WellKnownProtocol } from '../../names/well-known-ports.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { isPassedOnByZtunnel } from '../shared/intent.ts';

interface Data {
  readonly index: number;
}

export const serverFirstWithoutProtocol = defineRule({
  id: 'server-first-without-protocol',
  stage: 'capture',
  summary:
    'Connections to a database, mail or file server hang or fail, because its port is HTTP, TLS or without a protocol.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['ServiceEntry'],
  inputs: ['Namespace', 'Gateway', 'GatewayClass', 'Pod', 'Workload'],

  *check(entry, mesh): Iterable<RuleFinding<Data>> {
    if (isPassedOnByZtunnel(mesh, entry)) return;
    for (const [index, port] of entry.spec.ports.entries()) {
      const fault = faultOf(entry, port);
      if (fault) yield { at: (port.protocol ?? port.number ?? port).span, ...fault, data: { index } };
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

interface Fault {
  readonly message: string;
  readonly severity?: 'information';
}

/** server/docs/istio-semantics.md §2.22; server/docs/istio-semantics-classic.md §C.36. */
function faultOf(entry: Resource<'ServiceEntry'>, port: ServiceEntryPort): Fault | undefined {
  const to = `port ${port.number?.value ?? ''} of ${entry.spec.hosts[0]?.value ?? entry.name}`;
  const awaited = awaitedServer(entry, port);
  if (awaited)
    return {
      message: `Connections to ${to} hang: without a protocol the proxy waits for the client's first bytes, and with ${awaited.name} the server sends first.`,
    };
  const known = protocolOnPort(entry, port);
  const kind = protocolKind(port.protocol?.value);
  if (known && kind === 'http')
    return {
      message: `Connections to ${to} fail: the port is declared ${port.protocol!.value}, and ${known.name} is not HTTP.`,
    };
  return known && kind === 'tls' ? asTls(known, to, port.protocol!.value) : undefined;
}

/** TLS that begins inside the protocol is no TLS to a proxy, which looks at the first bytes. */
function asTls(known: WellKnownProtocol, to: string, protocol: string): Fault | undefined {
  if (!known.negotiatesTls) return undefined;
  if (known.isServerFirst)
    return {
      message: `Connections to ${to} hang: the port is declared ${protocol}, so the proxy waits for the client's TLS handshake, and with ${known.name} the server sends first and TLS begins later.`,
    };
  return {
    message: `Connections to ${to} are not taken for this ServiceEntry unless clients begin with TLS: the port is declared ${protocol}, and most clients of ${known.name} ask for TLS in plaintext first.`,
    severity: 'information',
  };
}
