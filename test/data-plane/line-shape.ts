// A line of Envoy's access log with its values replaced: lines of one shape say the same, of different requests.

const parts =
  /^\[[^\]]+\] "([^"]*)" (\d+) (\S+) (\S+) (\S+) "([^"]*)" (\d+) (\d+) \d+ \S+ "[^"]*" "([^"]*)" "([^"]*)" "([^"]*)" "([^"]*)" (\S+) (\S+) (\S+) (\S+) (\S+) (\S+)$/;

/** What stands for each field, unless it is empty. */
const replaced: readonly ((field: string) => string)[] = [
  (request) => request.replace(/^[A-Z]{2,} \S+ HTTP\/1/, 'GET /path HTTP/1'),
  (status) => status,
  (flags) => flags,
  withoutNames,
  withoutNames,
  withoutNames,
  (received) => (received === '0' ? '0' : '100'),
  (sent) => (sent === '0' ? '0' : '100'),
  (agent) => agent,
  () => '00000000-0000-4000-8000-000000000000',
  () => 'api.example.com',
  (upstream) => (upstream.startsWith('envoy:') ? upstream : '192.0.2.1:443'),
  clusterShape,
  () => '10.0.0.8:40000',
  (called) => (called.endsWith(':15008') ? '10.0.0.8:15008' : '240.240.0.1:80'),
  () => '10.0.0.9:50000',
  (name) => (name.startsWith('outbound_.') ? 'outbound_.80_._.api.example.com' : 'api.example.com'),
  (route) => (ofIstio.has(route) ? route : 'route'),
];

const ofIstio: ReadonlySet<string> = new Set(['default', 'main_internal', 'allow_any', 'block_all']);

/** The line itself where it is of another format; with its pod, if that is there. */
export function shapeOf(line: string): string {
  const [pod = ''] = /^\[pod\/[^\]]+\] /.exec(line) ?? [];
  return `${pod}${withoutValues(line.slice(pod.length))}`;
}

function withoutValues(line: string): string {
  const fields = parts.exec(line)?.slice(1);
  if (!fields) return line;
  const [request, status, flags, details, ended, failure, received, sent, agent, id, authority, upstream, ...rest] =
    fields.map((field, i) => (field === '-' ? field : replaced[i]!(field)));
  const start = `[2026-01-01T00:00:00.000Z] "${request}" ${status} ${flags} ${details} ${ended} "${failure}"`;
  const [cluster, own, called, client, ...names] = rest;
  const addresses = [own, ...relatedTo(fields, [called!, client!])].join(' ');
  return `${start} ${received} ${sent} 5 - "-" "${agent}" "${id}" "${authority}" "${upstream}" ${cluster} ${addresses} ${names.join(' ')}`;
}

/** A sidecar connects from the client's own address, and a gateway is called at its own: that is kept, by which they are told apart. */
function relatedTo(fields: readonly string[], shapes: readonly [string, string]): readonly string[] {
  const [own, ...others] = fields.slice(13, 16).map((address) => address.replace(/:\d+$/, ''));
  return shapes.map((shape, i) => (own !== '-' && others[i] === own ? shape.replace(/^[\d.]+/, '10.0.0.8') : shape));
}

function clusterShape(cluster: string): string {
  const [direction, , chain, host] = cluster.split('|');
  if (host === undefined) return cluster;
  const subset = direction === 'outbound' && chain !== '' ? 'subset' : chain!.replace(/\/.*/, '/subset');
  const isGateway = direction === 'outbound' && host.endsWith('.svc.cluster.local');
  return `${direction}|80|${subset}|${isGateway ? 'istio-egressgateway.istio-system.svc.cluster.local' : 'api.example.com'}`;
}

function withoutNames(text: string): string {
  return text
    .replace(/ns\[[^\]]*\]-policy\[[^\]]*\]-rule\[\d+\]/, 'ns[egress]-policy[rules]-rule[0]')
    .replace(/SANs_are_\[[^\]]*\]/, 'SANs_are_[other.example]')
    .replace(/remote_address:[\d.]+:\d+/, 'remote_address:192.0.2.1:443');
}
