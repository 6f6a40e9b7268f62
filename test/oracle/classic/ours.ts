// Our answer for one request: the trace, with all that it leaves open.
import type { TraceRequest } from '../../../server/src/eval/trace/request.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import { tls } from '../../../server/src/eval/trace/stages/tls.ts';
import type { Trace } from '../../../server/src/eval/trace/step.ts';
import { completeByDefault } from '../../../server/src/mesh/index/vouching.ts';
import type { Mesh } from '../../../server/src/mesh/mesh.ts';
import { readMeshConfig } from '../../../server/src/sources/mesh-config.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';
import { tlsText, type Outcome } from './outcome.ts';
import type { ClassicRequest, ClassicSample } from './sample.ts';
import { nameOutside, realAddressOf } from './world.ts';

export interface OurOutcome {
  /** Several where something is left open; undefined where not even these are all. */
  readonly possible: readonly Outcome[] | undefined;
  readonly summary: string;
}

export function meshOf({ manifests, mesh }: ClassicSample, without: ReadonlySet<number>): Mesh {
  const kept = manifests.filter((_, i) => !without.has(i));
  return meshFromYaml(kept.map((one) => JSON.stringify(one)).join('\n---\n'), {
    settings: readMeshConfig(parseDocument(JSON.stringify(mesh)).root),
    completeKinds: [
      ...completeByDefault,
      'Service',
      'IstioGateway',
      'VirtualService',
      'Sidecar',
      'AuthorizationPolicy',
    ],
  }).mesh;
}

/** Whether the server outside speaks what is sent there is not Istio's to say. */
export function ourOutcome(mesh: Mesh, request: ClassicRequest): OurOutcome {
  const result = trace(mesh, tracedRequest(request), { skip: [tls] });
  const ends = result.candidates.length > 0 ? result.candidates : [result];
  // Where a connection goes may be known, and not whether the server there is the right one.
  const isOpen = ends.some(({ verdict, hops }) => verdict === 'undetermined' && hops.length === 0);
  return { possible: isOpen ? undefined : ends.map((one) => outcomeOf(one, request)), summary: result.summary };
}

export function tracedRequest({ scheme, host, port, path, namespace }: ClassicRequest): TraceRequest {
  const from = { namespace, serviceAccount: `client-${namespace}`, labels: new Map() };
  return { scheme, host, port, path, method: 'GET', headers: new Map(), sni: undefined, from };
}

function outcomeOf({ hops, upstream }: Trace, request: ClassicRequest): Outcome {
  return {
    lines: hops.map(({ proxy, upstreamCluster, status, flags, serverName }) => ({
      proxy,
      cluster: upstreamCluster,
      status: upstream && status ? 200 : (status ?? 0),
      flags,
      sni: serverName ?? '',
    })),
    upstream: upstream && `${addressOf(upstream, request)} ${tlsOf(upstream)}`,
  };
}

function addressOf({ address, port }: NonNullable<Trace['upstream']>, { host }: ClassicRequest): string {
  return `${address === realAddressOf(host) ? nameOutside(host) : address}:${port}`;
}

function tlsOf({ tls: own }: NonNullable<Trace['upstream']>): string {
  return tlsText(
    own && {
      client: own.mode === 'MUTUAL',
      sni: own.sni,
      names: own.subjectAltNames,
      verifies: own.verifiesName,
      roots: own.roots,
    },
  );
}
