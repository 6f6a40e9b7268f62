// What is asked of a mesh of clients with sidecars: its own requests, with what trace says of each, and the certificates that a verifying proxy must refuse.
import { authorityOf, clientSni } from '../../../server/src/eval/trace/client-bytes.ts';
import type { Trace } from '../../../server/src/eval/trace/step.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import type { Mesh } from '../../../server/src/mesh/mesh.ts';
import { tracedRequest } from '../../oracle/classic/ours.ts';
import type { ClassicReport } from '../../oracle/classic/report.ts';
import type { ClassicRequest } from '../../oracle/classic/sample.ts';
import { dialled } from '../../oracle/classic/theirs.ts';
import { clientNamespaces } from '../../oracle/classic/world.ts';
import type { Query, SiteCertificate } from '../messages.ts';
import { copiesOf } from '../copies.ts';
import { variantsOf, type Question } from '../questions.ts';

export function questionsOf(
  mesh: Mesh,
  report: ClassicReport,
  requests: readonly ClassicRequest[],
): readonly Question[] {
  return requests.flatMap((request) => {
    const result = trace(mesh, tracedRequest(request));
    // Sent to itself, a gateway does not stop before its memory ends.
    if ([result, ...result.candidates].some(({ cause }) => cause === 'gateway-loop')) return [];
    const query = queryOf(report, request, result);
    return [{ query, trace: result, isShared: false }, ...variantsOf(query, result)];
  });
}

export function addressOfClient(namespace: string): string {
  return `10.1.1.${clientNamespaces.findIndex((one) => one === namespace) + 1}`;
}

export function identityOf(namespace: string, account: string): string {
  return `spiffe://cluster.local/ns/${namespace}/sa/${account}`;
}

function queryOf({ proxies }: ClassicReport, request: ClassicRequest, result: Trace): Query {
  const { namespace, scheme, host, port, path } = request;
  const name = `client-${namespace}`;
  const ip = addressOfClient(namespace);
  const traced = tracedRequest(request);
  const ends = [result, ...result.candidates];
  return {
    id: `${namespace} ${scheme}://${host}:${port}${path}`,
    as: identityOf(namespace, name),
    ip,
    way: 'redirect',
    proxy: ip,
    address: dialled(proxies.find((one) => one.name === name)!, host),
    port,
    scheme,
    method: 'GET',
    path,
    authority: authorityOf(traced),
    headers: {},
    sni: clientSni(traced) ?? '',
    certificate: fitting(proxies, ends, host),
    plainPorts: ends.some(({ cause }) => cause === 'tls-to-plaintext') ? [80, 8080] : [80],
    isQuiet: false,
    // What is open may end before the second proxy.
    lines: Math.max(1, Math.min(...ends.map(({ hops }) => hops.length))),
    copies: Math.min(...ends.map((one) => copiesOf(one).length)),
  };
}

/** Such a one as the proxy accepts that the trace names last: by what the trace says, else by the proxy's configuration. */
function fitting(proxies: ClassicReport['proxies'], ends: readonly Trace[], host: string): SiteCertificate {
  const tls = ends.flatMap(({ upstream }) => upstream?.tls ?? []);
  const configured = ends
    .flatMap(({ hops }) => hops.at(-1) ?? [])
    .flatMap(({ proxy, namespace, upstreamCluster }) => {
      const config = proxies.find(({ name }) => name === (proxy === 'gateway' ? 'gateway' : `client-${namespace}`))!;
      return config.clusters.find(({ name }) => name === upstreamCluster)?.tls ?? [];
    });
  const roots =
    tls.length > 0 ? tls.map((one) => one.roots) : configured.map(({ ca }) => ca?.replace('file-root:', ''));
  const names = [...tls, ...configured].flatMap(({ sni, subjectAltNames = [] }) =>
    [...subjectAltNames, sni ?? []].flat(),
  );
  const isPublic = ends.some(({ cause }) => cause === 'server-name');
  return {
    by: roots.some((one = 'system') => one !== 'system') ? 'secret' : 'system',
    names: [...names, host],
    isPublic,
  };
}
