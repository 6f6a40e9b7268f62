import type { Mesh } from '../../../mesh/mesh.ts';
import { handshakeOf, type Handshake } from '../../../mesh/destination-rules/handshake.ts';
import { looksInCluster } from '../../../names/hosts.ts';
import { isExternal } from '../../../mesh/hosts/target-ports.ts';
import { describe } from '../../../model/resource.ts';
import { unreadOriginator } from '../unread-rule.ts';
import { authorityOf } from '../client-bytes.ts';
import { credentialStep } from '../credential-step.ts';
import { refusalOfAll } from '../dynamic-host.ts';
import { targetsOf } from '../dialled.ts';
import { istiodCrash, withoutServerName } from '../refused-cluster.ts';
import { perEndpoint, rejects } from '../endpoint-ports.ts';
import { placeOfServer } from '../egress-gateway-route.ts';
import { loggedFirst, passesMeshTls } from '../logged-hops.ts';
import { arriving, protocolMismatch, statusOfRefusal } from '../protocol-mismatch.ts';
import { mismatchTexts, noTlsTexts, refusalOf } from '../tls-texts.ts';
import {
  assumedStep,
  at,
  atName,
  end,
  go,
  step,
  stop,
  type OwnTls,
  type Stage,
  type TraceState,
  type Turn,
} from '../state.ts';
import type { Evidence, FailureCause, Step, Upstream } from '../step.ts';

type Originated = Extract<OwnTls, { state: 'originated' }>;
type PlainUpstream = Extract<OwnTls, { state: 'plain' }>;

/** What the proxy makes of the bytes before they leave, and whether the port outside is spoken to so. */
export const tls: Stage = (state, mesh) => {
  const { tls: own, backend } = state;
  if (!own || !backend) return go(state);
  return (
    istiodCrash(state, mesh) ?? (own.state === 'originated' ? originated(state, mesh, own) : plain(state, mesh, own))
  );
};

function originated(state: TraceState, mesh: Mesh, own: Originated): Turn {
  const { backend, request } = state;
  const place = sourceOf(own);
  // Without its secret the proxy begins no handshake. server/docs/istio-semantics.md §12.13.
  const credential = credentialStep(state, mesh, own.source);
  if (credential?.outcome === 'no')
    return fails(state, credential, {
      cause: 'credential',
      summary: `${dialler(state)} cannot originate TLS to ${request.host}: ${credential.message}`,
      status: 503,
    });
  const wrapped = passedOnMeshTls(state);
  if (wrapped) return wrapped;
  if (arriving(request, backend!.port) === 'tls')
    return fails(
      state,
      step(
        'tls',
        'no',
        `${own.mode} encrypts the client's own TLS again, and the server does not find the handshake that it expects.`,
        place,
      ),
      {
        cause: 'double-tls',
        summary: `The client uses TLS to ${request.host} itself, and ${nameOf(own)} originates TLS again.`,
        status: undefined,
      },
    );
  const targets = targetsOf(state, mesh);
  const target = targets.find((one) => rejects(state, one));
  if (!target) return handshakeBegins(state, mesh, own, credential);
  const failing = fails(
    state,
    step('tls', 'no', `${own.mode} is used on port ${target.port}, ${refusalOf(target.port)}.`, place),
    {
      cause: 'tls-to-plaintext',
      summary: `TLS is sent to port ${target.port} of ${target.address}, ${refusalOf(target.port)}.`,
      status: 503,
    },
  );
  if (targets.every((one) => rejects(state, one))) return failing;
  const reaching = handshakeBegins({ ...state, isAccepted: true }, mesh, own, credential);
  return perEndpoint(state, dialler(state), targets, [failing, reaching]);
}

function handshakeBegins(state: TraceState, mesh: Mesh, own: Originated, credential: Step | undefined): Turn {
  const refusal = refusalOfAll(state, own.source);
  if (refusal !== undefined)
    return fails(state, step('tls', 'no', `${dialler(state)} refuses every certificate: ${refusal}.`, sourceOf(own)), {
      cause: 'credential',
      summary: `TLS to ${state.request.host} fails: ${refusal}.`,
      status: 503,
    });
  if (credential && !credential.assumed) return stop(state, credential);
  const refused = wrongName(state, mesh, own);
  if (refused) return refused;
  const originated = upstreamTlsOf(state, own).roots
    ? assumedStep('tls', 'yes', `${originatedText(state, own)}; it is assumed to pass.`, sourceOf(own))
    : step('tls', 'yes', `${originatedText(state, own)}.`, sourceOf(own));
  return go(state, originated, ...(credential ? [credential] : []));
}

/** Public authorities sign no names of a cluster. A name that a rule lists besides is not looked at: the author may know the server. */
function wrongName(state: TraceState, mesh: Mesh, own: Originated): Turn | undefined {
  const { sni, roots, verifiesName, subjectAltNames } = upstreamTlsOf(state, own);
  const { entry } = state.backend!;
  const isPublic = roots === 'system' && verifiesName && subjectAltNames.length === 0;
  if (!isPublic || sni === undefined || !isExternal(entry) || entry.spec.endpoints.length > 0) return undefined;
  if (!looksInCluster(sni, mesh.settings.clusterDomain)) return undefined;
  const why = `${dialler(state)} asks for a certificate of ${sni}, the Host of the request, and no public certificate has a name of the cluster`;
  return fails(state, step('tls', 'no', `${why}.`, sourceOf(own)), {
    cause: 'server-name',
    summary: `${why}.`,
    status: 503,
  });
}

function plain(state: TraceState, mesh: Mesh, own: PlainUpstream): Turn {
  const { backend, request } = state;
  const ended = withoutServerName(state) ?? passedOnMeshTls(state);
  if (ended) return ended;
  const targets = targetsOf(state, mesh);
  const target = targets.find((one) => rejects(state, one));
  const mismatch = target && protocolMismatch(request, backend!.port, target.port);
  const place = own.at ? at(own.at.resource, own.at.span) : atName(backend!.entry);
  const unchanged = step('tls', 'yes', `${carriedText(state)}.`, ...(own.at ? [place] : []));
  if (!target || !mismatch) return go(state, unchanged);
  const unread = own.cause === 'no-rule' && isClassic(state.path) ? unreadOriginator(state, mesh) : undefined;
  const why = `${noTlsTexts[own.cause]}${unread ? `: ${describe(unread.rule)} would, but ${unread.because}` : ''}`;
  const failing = fails(
    state,
    step('tls', 'no', `${mismatchTexts[mismatch](target.port)}: ${why}.`, unread?.place ?? place, targetPlace(state)),
    {
      cause: mismatch,
      summary: `${mismatchTexts[mismatch](target.port)} of ${target.address}${mismatch === 'plaintext-to-tls' ? `: ${why}` : ''}.`,
      status: statusOfRefusal(backend!.port),
    },
  );
  if (targets.every((one) => rejects(state, one))) return failing;
  return perEndpoint(state, dialler(state), targets, [failing, go({ ...state, isAccepted: true }, unchanged)]);
}

function carriedText({ request, backend }: TraceState): string {
  return arriving(request, backend!.port) === 'tls'
    ? "The client's own TLS passes through"
    : 'No TLS is originated: the bytes are sent unchanged';
}

function passedOnMeshTls(state: TraceState): Turn | undefined {
  const { gateway, backend, tls: own } = state;
  if (!gateway?.taken || !passesMeshTls(gateway)) return undefined;
  const inside = own?.state === 'originated' ? ', inside TLS of its own' : '';
  const message = `The egress gateway passes the sidecar's mTLS (ISTIO_MUTUAL) on to ${backend!.host}${inside}, and no server outside the mesh accepts it.`;
  return fails(state, step('tls', 'no', message, ...gateway.taken.by.servers.map(placeOfServer)), {
    cause: 'mesh-mtls',
    summary: message,
    status: undefined,
    lastFlags: [],
  });
}

function targetPlace({ backend }: TraceState): Evidence {
  const { entry, port } = backend!;
  return at(entry, port.targetPort?.span ?? port.number?.span ?? port.span);
}

interface Failure {
  readonly cause: FailureCause;
  readonly summary: string;
  /** Of a request. */
  readonly status: number | undefined;
  readonly lastFlags?: readonly string[];
}

function fails(state: TraceState, failing: Step, { status, ...ending }: Failure): Turn {
  return end(state, [failing], { verdict: 'fails', ...ending, log: loggedFirst(state, status) });
}

/** The handshake with the names of this request in it. */
export function upstreamTlsOf(state: TraceState, own: Originated): NonNullable<Upstream['tls']> {
  const { sni, names, roots } = handshake(state, own);
  return {
    mode: own.mode,
    sni: sni?.by === 'rule' ? sni.name : sni && authorityOf(state.request).replace(/:\d+$/, ''),
    verifiesName: names.request || names.listed.length > 0,
    roots,
    subjectAltNames: names.listed,
  };
}

function handshake({ chain, backend, path }: TraceState, { source }: Originated): Handshake {
  const by = isClassic(path) ? 'sidecar' : 'waypoint';
  return handshakeOf(source, chain ?? 'tcp', backend?.entry, by, backend?.naming);
}

function originatedText(state: TraceState, own: Originated): string {
  const { sni, mode } = upstreamTlsOf(state, own);
  const name = sni === undefined ? 'no server name is sent' : `server name ${sni}`;
  return `${dialler(state)} originates TLS (${mode}): ${name}, ${verification(state, own)}`;
}

function verification(state: TraceState, own: Originated): string {
  const { verifiesName, roots, subjectAltNames } = upstreamTlsOf(state, own);
  if (roots === undefined) return 'the certificate is not verified';
  const against = `the certificate is verified against ${roots} roots`;
  return verifiesName
    ? `${against} and must name ${wantedNames(handshake(state, own).names.request, subjectAltNames)}`
    : `${against}, but its name is not verified`;
}

/** Both are compared where both are there. envoy source/common/tls/cert_validator/default_validator.cc verifyCertificate. */
function wantedNames(host: boolean, listed: readonly string[]): string {
  return [...(host ? ['the host'] : []), ...(listed.length > 0 ? [listed.join(' or ')] : [])].join(' and ');
}

/** A sidecar or an egress gateway, which take names of certificates from the entry too. §E.42. */
function isClassic(path: TraceState['path']): boolean {
  return path === 'sidecar' || path === 'gateway';
}

/** The proxy that opens the connection to the host. */
export function dialler({ path }: TraceState): string {
  if (path === 'gateway') return 'The egress gateway';
  return path === 'sidecar' ? 'The sidecar' : 'The waypoint';
}

function sourceOf({ source }: Originated): Evidence {
  return source.by === 'DestinationRule'
    ? at(source.rule, source.tls.mode?.span ?? source.tls.key)
    : atName(source.policy);
}

function nameOf({ source }: Originated): string {
  return describe(source.by === 'DestinationRule' ? source.rule : source.policy);
}
