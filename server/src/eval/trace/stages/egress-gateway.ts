import { extensionText, firstExtensionAtGatewayPods } from '../../../mesh/binding/proxy-extensions.ts';
import { serversOnPort, type ServerOnPort } from '../../../mesh/clients/egress-gateway.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { chainsAtGateway, type GatewayChain } from '../../../mesh/routes/gateway-chains.ts';
import { contestedGateways } from '../../../mesh/routes/merged-servers.ts';
import { routeAstray, serverElsewhere, unreadTls, type Astray } from '../astray-at-gateway.ts';
import { clientBytes } from '../client-bytes.ts';
import { gatewaysOf, leftOut, loggedBy, placesOfServers } from '../egress-gateway-route.ts';
import { writtenOfEnded } from '../ended-at-gateway.ts';
import {
  atName,
  end,
  fork,
  go,
  step,
  stop,
  type Ending,
  type GatewayArrival,
  type Stage,
  type TraceState,
  type Turn,
} from '../state.ts';
import type { Step } from '../step.ts';
import { carriedBy } from './extensions.ts';
import { ifLetIn } from './network-policies.ts';

/** Which server of the egress gateway takes the connection. */
export const egressGateway: Stage = (state, mesh) => {
  const { gateway } = state;
  if (!gateway) return go(state);
  const extension = firstExtensionAtGatewayPods(mesh, gateway.pods, carriedBy(state));
  if (!extension) return arrive(state, mesh, gateway);
  const message = `${extensionText(extension, `the pods of egress gateway ${nameOf(gateway)}`)}.`;
  const turn = arrive(state, mesh, gateway);
  return fork([step('gateway', 'unknown', message, atName(extension))], {
    by: 'open',
    summary: message,
    ways: [{ ...turn, steps: [step('gateway', 'yes', 'If it changes nothing for this request:'), ...turn.steps] }],
  });
};

function arrive(state: TraceState, mesh: Mesh, gateway: GatewayArrival): Turn {
  const { port, servers } = serversOnPort(gateway.pods, gateway.servicePort);
  return ifLetIn(state, mesh, { gateway, port }, () => takenBy(state, mesh, { gateway, port, servers }));
}

interface Arrived {
  readonly gateway: GatewayArrival;
  /** On which its pods listen. */
  readonly port: number;
  readonly servers: readonly ServerOnPort[];
}

function takenBy(state: TraceState, mesh: Mesh, { gateway, port, servers }: Arrived): Turn {
  const { pods, servicePort, sent } = gateway;
  const [first, ...more] = chainsAtGateway(mesh, pods, servers, {
    bytes: clientBytes(state.request),
    sidecarTls: sent.mode,
    sni: sent.sni,
  });
  if (more.length === 0) return enter(state, mesh, { gateway, port, chain: first });
  const contested = new Set(contestedGateways(servers));
  const apart = servers.filter((one) => contested.has(one.gateway));
  const message = `Servers of ${gatewaysOf('and', apart)} cannot share port ${servicePort} of egress gateway ${nameOf(gateway)}: those of the Gateway that was created first are kept.`;
  return fork([step('gateway', 'unknown', message, ...placesOfServers(apart))], {
    by: 'age',
    summary: message,
    ways: [first, ...more].map((chain) => enter(state, mesh, { gateway, port, chain })),
  });
}

interface Entered {
  readonly gateway: GatewayArrival;
  readonly port: number;
  readonly chain: GatewayChain;
}

function enter(state: TraceState, mesh: Mesh, { gateway, port, chain }: Entered): Turn {
  const { pods, servicePort, sent } = gateway;
  const isOwnTls = sent.mode === 'SIMPLE' || sent.mode === 'MUTUAL';
  const isOpen = pods.possible.length > 0 || !mesh.knows('IstioGateway') || !mesh.knows('VirtualService');
  if (chain.state === 'unknown' || (chain.state === 'refused' && isOpen))
    return stop(
      state,
      step(
        'gateway',
        'unknown',
        isOwnTls
          ? `What becomes of the sidecar's TLS (${sent.mode}) at egress gateway ${nameOf(gateway)} depends on certificates that no file shows.`
          : `Which server of egress gateway ${nameOf(gateway)} takes the connection on port ${servicePort} is not known from the files.`,
        ...placesOfServers(chain.servers),
      ),
    );
  if (chain.state === 'refused') return refused(state, mesh, { gateway, port, chain });
  if (sent.refusing && chain.hasIdentity) {
    const { servers } = chain;
    const notAccepted = { ...chain, state: 'refused', because: 'other-account', servers, hasListener: true } as const;
    return refused(state, mesh, { gateway, port, chain: notAccepted });
  }
  const through = go(
    { ...state, chain: chain.chain === 'http' ? 'http' : 'tcp', gateway: { ...gateway, taken: { port, by: chain } } },
    takenStep(gateway, chain),
  );
  if (!chain.needsTrust) return through;
  const message = `Whether the sidecar accepts the certificate of egress gateway ${nameOf(gateway)} (TLS ${sent.mode}), no file shows.`;
  return fork([step('gateway', 'unknown', message, ...placesOfServers(chain.servers))], {
    by: 'open',
    summary: message,
    ways: [{ ...through, steps: [step('gateway', 'yes', 'If it does:'), ...through.steps] }],
  });
}

function takenStep(
  gateway: GatewayArrival,
  { servers, chain, hasIdentity }: Extract<GatewayChain, { state: 'taken' }>,
): Step {
  const names = gatewaysOf('and', servers);
  const what = chain === 'http' ? 'it sees each request' : 'the bytes pass unchanged';
  const identity = hasIdentity
    ? 'the client is known by its certificate'
    : 'the client is not known, as no certificate is checked';
  return step(
    'gateway',
    'yes',
    `${names} takes it at egress gateway ${nameOf(gateway)}, port ${gateway.servicePort}: ${what}, and ${identity}.`,
    ...placesOfServers(servers),
  );
}

interface Refused extends Omit<Entered, 'chain'> {
  readonly chain: Extract<GatewayChain, { state: 'refused' }>;
}

/** §F.13, §F.14: what the gateway does not take ends at the sidecar with 503, or as a closed connection. */
function refused(state: TraceState, mesh: Mesh, { gateway, port, chain }: Refused): Turn {
  const { because, servers } = chain;
  const astray = astrayFor(state, mesh, gateway, chain);
  const message = `Egress gateway ${nameOf(gateway)} does not take the connection on port ${gateway.servicePort}: ${refusals[because](gateway)}${astray ? `; ${astray.clause}` : ''}.`;
  const served = servers.length > 0 ? placesOfServers(servers) : [gateway.because];
  const isOfTls = because === 'other-name' || because === 'expects-plaintext' || because === 'no-certificate';
  const places = [
    ...(astray?.evidence ?? []),
    ...(isOfTls && gateway.sent.by ? [gateway.sent.by] : []),
    ...(astray && because === 'no-server' ? [] : served),
    ...(because === 'no-route' ? leftOut(state, mesh).map(atName) : []),
  ];
  const told = step('gateway', 'no', message, ...places);
  const ended = { ...state, gateway: { ...gateway, refused: chain } };
  const ending = {
    verdict: 'fails',
    cause: because === 'no-route' ? 'gateway-without-route' : 'gateway-refuses',
    summary: message,
    log: loggedBy(state, gateway, because === 'not-http' ? 400 : 503),
  } as const;
  const [written, ...more] = openedBefore(state, mesh, { gateway, port, chain });
  if (more.length === 0) return end(ended, [told], { ...ending, ...written });
  // Refused whichever it is.
  const ways = [written, ...more].map((one) => end(ended, [], { ...ending, ...one }));
  return fork([told], { by: 'share', summary: message, ways });
}

/** What a route or Gateway of the files has, and nearly fits. */
function astrayFor(
  state: TraceState,
  mesh: Mesh,
  gateway: GatewayArrival,
  { because, servers }: Refused['chain'],
): Astray | undefined {
  const { host } = state.request;
  if (because === 'no-server') return serverElsewhere(mesh, host, gateway);
  if (because === 'needs-tls' || because === 'not-tls') return unreadTls(mesh, state.request.from.namespace, gateway);
  return because === 'no-route' ? routeAstray(mesh, state, servers, gateway.sent.sni ?? host) : undefined;
}

/** A server of bytes opens its connection to the host before the client's handshake fails. §C.45. */
function openedBefore(
  state: TraceState,
  mesh: Mesh,
  { gateway, port, chain: { because, servers } }: Refused,
): readonly Pick<Ending, 'lastCluster' | 'lastFlags'>[] {
  const [first, ...others] = servers;
  const isHttps = first?.server.protocol?.value.toUpperCase() === 'HTTPS';
  const isHandshake = because === 'no-certificate' || because === 'other-account' || because === 'not-tls';
  if (!isHandshake || !first || isHttps) return [];
  const by = {
    state: 'taken',
    chain: 'tcp',
    servers: [first, ...others],
    hasIdentity: false,
    looksIntoTls: true,
  } as const;
  return writtenOfEnded({ ...state, chain: 'tcp', gateway: { ...gateway, taken: { port, by } } }, mesh);
}

type Refusal = Extract<GatewayChain, { state: 'refused' }>['because'];

const needsTls = 'its servers there expect TLS, and the sidecar sends plaintext';

const refusals: Readonly<Record<Refusal, (gateway: GatewayArrival) => string>> = {
  'no-server': ({ servicePort }) => `no server of a Gateway for its pods has port ${servicePort}`,
  'needs-tls': () => needsTls,
  'not-tls': () => needsTls,
  'expects-plaintext': () => 'its servers there expect plaintext, and TLS arrives',
  'other-name': ({ sent }) =>
    `no server has ${sent.sni ? `the server name ${sent.sni}` : 'a chain without a server name'}`,
  'no-route': ({ sent }) =>
    `no route at the gateway passes on TLS with ${sent.sni ? `server name ${sent.sni}` : 'no server name'}`,
  'not-http': () => 'its server there expects HTTP, and other bytes arrive',
  'other-account': ({ sent: { refusing } }) =>
    refusing?.account === undefined
      ? `the sidecar accepts no certificate of namespace ${refusing?.namespace}, in which its pods are`
      : `the sidecar does not accept the certificate of ServiceAccount ${refusing.namespace}/${refusing.account}, which its pods have`,
  'no-certificate': ({ sent }) =>
    sent.mode === 'SIMPLE'
      ? `its server there expects a certificate of the client, and the sidecar's TLS (SIMPLE) has none`
      : `its server there expects mTLS of the mesh, and the client's own TLS arrives`,
};

function nameOf({ pods }: GatewayArrival): string {
  return `${pods.namespace}/${pods.name}`;
}
