// What istiod makes of the listeners of a Gateway of the Gateway API: servers as a Gateway of Istio's own has them.
// server/docs/istio-semantics-classic.md §I.2, §I.3; istio@86c9f01 pilot/pkg/config/kube/gateway/conversion.go buildListener, buildTLS.
import { compareText } from '../../base/compare.ts';
import type { Resource } from '../../model/resource.ts';
import type { GatewayListener } from '../../model/specs.ts';
import type { Server } from './gateway-servers.ts';

export interface ListenerServer {
  readonly gateway: Resource<'Gateway'>;
  readonly server: Server;
  readonly index: number;
  readonly listener: GatewayListener;
}

/** Those that are kept, in order. HTTPS and TLS without `tls` make no server. */
export function serversOfListeners(gateway: Resource<'Gateway'>): readonly ListenerServer[] {
  return distinctListeners(gateway).flatMap((listener) => {
    const { protocol, tls, port, span, index } = listener;
    const isTls = protocol?.value === 'HTTPS' || protocol?.value === 'TLS';
    if (port === undefined || (isTls && !tls)) return [];
    const server: Server = {
      span,
      index,
      port: port.value,
      protocol: protocol && protocols.has(protocol.value) ? protocol : undefined,
      bind: undefined,
      hosts: [listener.hostname?.value ? listener.hostname : { value: '*', key: span, span }],
      tls: isTls ? tlsOf(listener, gateway.spec.checksClients) : undefined,
    };
    return [{ gateway, server, index, listener }];
  });
}

const protocols: ReadonlySet<string> = new Set(['HTTP', 'HTTPS', 'TLS', 'TCP']);

/** Of two on one port that cannot be told apart, the later one is dropped. istio@86c9f01 pilot/pkg/config/kube/gatewaycommon/listener_conflict.go listenersDistinct. */
function distinctListeners({ spec }: Resource<'Gateway'>): readonly GatewayListener[] {
  const kept: GatewayListener[] = [];
  for (const listener of spec.listeners) if (kept.every((one) => areDistinct(one, listener))) kept.push(listener);
  return kept;
}

function areDistinct(a: GatewayListener, b: GatewayListener): boolean {
  if (a.port?.value !== b.port?.value) return true;
  const isBytes = ({ protocol }: GatewayListener) => protocol?.value === 'TCP' || protocol?.value === 'UDP';
  return !isBytes(a) && !isBytes(b) && hostnameOf(a) !== hostnameOf(b);
}

export function hostnameOf({ hostname }: GatewayListener): string {
  return hostname?.value || '*';
}

function tlsOf({ span, tls }: GatewayListener, checksClients: boolean): NonNullable<Server['tls']> {
  const mode = tls?.mode?.value === 'Passthrough' ? 'PASSTHROUGH' : terminating(tls, checksClients);
  return {
    key: tls?.mode?.span ?? span,
    mode: { value: mode, key: tls?.mode?.key ?? span, span: tls?.mode?.span ?? span },
    httpsRedirect: false,
    credentialName: undefined,
    credentialNames: [],
    caCertCredentialName: undefined,
  };
}

function terminating(tls: GatewayListener['tls'], checksClients: boolean): string {
  const { terminateMode, checksClients: own } = tls ?? {};
  if (terminateMode === 'ISTIO_MUTUAL') return 'ISTIO_MUTUAL';
  return terminateMode?.endsWith('MUTUAL') || own || checksClients ? 'MUTUAL' : 'SIMPLE';
}

/** istiod makes a Gateway of its own of each listener, and reads those of one age by their names; none stands first. */
export function byListenerName(a: GatewayListener | undefined, b: GatewayListener | undefined): number {
  return compareText(a?.name?.value ?? '', b?.name?.value ?? '');
}
