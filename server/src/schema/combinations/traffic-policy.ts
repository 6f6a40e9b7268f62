// istio@86c9f01 pkg/config/validation/validation.go validateTrafficPolicy and below; agent/validation.go ValidateTLS.
import { discouraged, refused, refusedKey, type Fault } from './combination-check.ts';
import { uniqueItems } from './gateway-lists.ts';
import { localityFaults } from './locality.ts';
import { isIpAddress } from '../../names/addresses.ts';
import { isDomain } from '../../names/domains.ts';
import { each, field, has, isText, isTrue, number, text, type Place } from './field-place.ts';

const portFields = ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls'] as const;
const policyFields = [...portFields, 'portLevelSettings', 'tunnel', 'proxyProtocol', 'retryBudget'] as const;

export function* trafficPolicyFaults(policy: Place, namespace: string | undefined): Generator<Fault> {
  if (policy.node?.kind !== 'map') return;
  if (!policyFields.some((name) => (name === 'portLevelSettings' ? has(policy, name) : field(policy, name).node))) {
    yield refusedKey(policy, 'This trafficPolicy is empty: set at least one field, such as `tls`.');
    return;
  }
  if (has(policy, 'tunnel') && has(policy, 'proxyProtocol'))
    yield refusedKey(field(policy, 'proxyProtocol'), '`tunnel` and `proxyProtocol` must not both be set.');
  const budget = field(policy, 'retryBudget', 'budgetInterval');
  if (isText(budget) && !duration.test(text(budget)))
    yield refused(budget, `"${text(budget)}" is not a valid duration, such as 30s.`);
  yield* settingsFaults(policy, namespace);
  if (has(policy, 'tunnel')) yield* tunnelFaults(field(policy, 'tunnel'));
  for (const port of each(policy, 'portLevelSettings'))
    if (port.node?.kind === 'map') yield* portPolicyFaults(port, namespace);
}

function* portPolicyFaults(port: Place, namespace: string | undefined): Generator<Fault> {
  if (!field(port, 'port').node) yield refusedKey(port, '`port.number` is missing: port settings need a port.');
  if (!portFields.some((name) => field(port, name).node))
    yield refusedKey(
      port,
      'Port settings need at least one of `tls`, `connectionPool`, `loadBalancer` and `outlierDetection`.',
    );
  // istiod gives no warnings here: validatePortTrafficPolicies returns only errors.
  for (const fault of settingsFaults(port, namespace)) if (fault.severity === 'error') yield fault;
}

function* tunnelFaults(tunnel: Place): Generator<Fault> {
  if (tunnel.node?.kind !== 'map') return;
  const [host, protocol] = [text(tunnel, 'targetHost'), text(tunnel, 'protocol')];
  if (protocol !== '' && protocol !== 'CONNECT' && protocol !== 'POST')
    yield refused(field(tunnel, 'protocol'), 'The protocol of a tunnel must be CONNECT or POST.');
  if (isText(field(tunnel, 'targetHost')) && !isDomain(host) && !isIpAddress(host))
    yield refused(field(tunnel, 'targetHost'), `"${host}" is not a valid host name or IP address.`);
  const port = number(tunnel, 'targetPort');
  if (port !== undefined && (port < 1 || port > 65535))
    yield refused(field(tunnel, 'targetPort'), 'A port must be a number from 1 to 65535.');
}

function* settingsFaults(policy: Place, namespace: string | undefined): Generator<Fault> {
  const outlier = field(policy, 'outlierDetection');
  if (has(policy, 'tls')) yield* tlsFaults(field(policy, 'tls'), namespace);
  if (outlier.node) yield* outlierFaults(outlier);
  if (has(policy, 'connectionPool')) yield* poolFaults(field(policy, 'connectionPool'));
  if (!has(policy, 'loadBalancer')) return;
  yield* balancerFaults(field(policy, 'loadBalancer'));
  yield* localityFaults(field(policy, 'loadBalancer'), outlier);
}

function* tlsFaults(tls: Place, namespace: string | undefined): Generator<Fault> {
  if (!tls.node) return;
  const mode = text(tls, 'mode');
  const credential = text(tls, 'credentialName');
  if (credential.startsWith('configmap://'))
    yield* configMapFaults(field(tls, 'credentialName'), credential, namespace);
  if (mode !== 'SIMPLE' && mode !== 'MUTUAL') return;
  if (isTrue(tls, 'insecureSkipVerify')) {
    const unread =
      mode === 'SIMPLE'
        ? ['caCertificates', 'credentialName', 'subjectAltNames']
        : ['caCertificates', 'subjectAltNames'];
    for (const name of unread)
      if (has(tls, name))
        yield refusedKey(
          field(tls, name),
          `With \`insecureSkipVerify\` nothing is verified: \`${name}\` must not be set.`,
        );
  }
  if (credential !== '') {
    for (const name of ['clientCertificate', 'privateKey', 'caCertificates', 'caCrl']) {
      if (has(tls, name))
        yield refusedKey(
          field(tls, name),
          `With \`credentialName\` the Secret contains the certificates: \`${name}\` must not be set.`,
        );
    }
  } else if (mode === 'MUTUAL') {
    const missing = ['clientCertificate', 'privateKey'].filter((name) => !has(tls, name)).map((name) => `\`${name}\``);
    if (missing.length > 0)
      yield refused(
        field(tls, 'mode'),
        `Mode MUTUAL needs \`credentialName\`, or certificate files: ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing.`,
      );
  }
}

function* configMapFaults(at: Place, credential: string, namespace: string | undefined): Generator<Fault> {
  const [owner, name, ...more] = credential.slice('configmap://'.length).split('/');
  if (!owner || !name || more.length > 0)
    yield refused(at, 'Write a ConfigMap with its namespace: configmap://NAMESPACE/NAME.');
  else if (namespace !== undefined && owner !== namespace)
    yield refused(at, `The ConfigMap must be in the rule's own namespace ${namespace}, not in ${owner}.`);
}

/** Go's notation, as istiod decodes it; the API server does not look at these fields. */
const duration = /^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)$/;

function* outlierFaults(outlier: Place): Generator<Fault> {
  if (!outlier.node) return;
  if (
    (number(outlier, 'consecutiveLocalOriginFailures') ?? 0) > 0 &&
    !isTrue(outlier, 'splitExternalLocalOriginErrors')
  ) {
    yield refusedKey(
      field(outlier, 'consecutiveLocalOriginFailures'),
      '`consecutiveLocalOriginFailures` needs `splitExternalLocalOriginErrors: true`.',
    );
  }
  for (const name of ['maxEjectionPercent', 'minHealthPercent']) {
    const value = number(outlier, name);
    if (value !== undefined && (value < 0 || value > 100))
      yield refused(field(outlier, name), `\`${name}\` must be a percentage from 0 to 100.`);
  }
}

export function* poolFaults(pool: Place): Generator<Fault> {
  if (pool.node?.kind !== 'map') return;
  const [http, tcp] = [field(pool, 'http'), field(pool, 'tcp')];
  if (!http.node && !tcp.node) {
    yield refusedKey(pool, 'A connection pool needs `http` or `tcp`.');
    return;
  }
  if (text(http, 'h2UpgradePolicy') === 'UPGRADE' && isTrue(http, 'useClientProtocol')) {
    yield refusedKey(field(http, 'useClientProtocol'), '`useClientProtocol` contradicts `h2UpgradePolicy: UPGRADE`.');
  }
  if (http.node) yield* countFaults(http, httpCounts);
  if (tcp.node) yield* countFaults(tcp, tcpCounts);
  if (has(tcp, 'idleTimeout')) yield* idleTimeoutFaults(field(tcp, 'idleTimeout'));
  if (has(http, 'http2KeepAlive')) yield* keepaliveFaults(field(http, 'http2KeepAlive'));
}

const httpCounts = [
  'http1MaxPendingRequests',
  'http2MaxRequests',
  'maxRequestsPerConnection',
  'maxRetries',
  'maxConcurrentStreams',
];
const tcpCounts = ['maxConnections'];

function* countFaults(place: Place, names: readonly string[]): Generator<Fault> {
  for (const name of names)
    if ((number(place, name) ?? 0) < 0) yield refused(field(place, name), `\`${name}\` must not be negative.`);
}

function* idleTimeoutFaults(at: Place): Generator<Fault> {
  const idle = text(at);
  if (isText(at) && !duration.test(idle)) yield refused(at, `"${idle}" is not a valid duration, such as 30s.`);
  else if (/^-.*[1-9]/.test(idle)) yield refused(at, 'A duration must not be negative.');
}

function* keepaliveFaults(keepalive: Place): Generator<Fault> {
  for (const name of ['interval', 'timeout'])
    if (keepalive.node && !has(keepalive, name)) yield refusedKey(keepalive, `\`http2KeepAlive\` needs \`${name}\`.`);
}

function* balancerFaults(balancer: Place): Generator<Fault> {
  if (!balancer.node) return;
  const hash = field(balancer, 'consistentHash');
  if (has(balancer, 'simple') && hash.node)
    yield refusedKey(hash, 'Only one of `simple` and `consistentHash` may be set.');
  if (field(balancer, 'localityLbSetting').node && field(balancer, 'zoneAwareLbSetting').node) {
    yield refusedKey(
      field(balancer, 'zoneAwareLbSetting'),
      'Only one of `localityLbSetting` and `zoneAwareLbSetting` may be set.',
    );
  }
  const keys = ['httpHeaderName', 'httpCookie', 'useSourceIp', 'httpQueryParameterName'].filter(
    (name) => field(hash, name).node,
  );
  if (keys.length > 1) yield refusedKey(field(hash, keys[1]!), `Only one of \`${keys.join('` and `')}\` may be set.`);
  yield* cookieFaults(field(hash, 'httpCookie'));
  if (field(hash, 'maglev').node && field(hash, 'ringHash').node)
    yield refusedKey(field(hash, 'ringHash'), 'Only one of `maglev` and `ringHash` may be set.');
  yield* warmupFaults(field(balancer, 'warmup'));
  yield* ringFaults(hash);
  yield* maglevFaults(field(hash, 'maglev'));
}

function* cookieFaults(cookie: Place): Generator<Fault> {
  yield* uniqueItems(field(cookie, 'attributes'));
  for (const attribute of each(cookie, 'attributes'))
    if (attribute.node && !has(attribute, 'name')) yield refusedKey(attribute, 'A cookie attribute needs a `name`.');
  if (isText(field(cookie, 'ttl')) && !duration.test(text(cookie, 'ttl')))
    yield refused(field(cookie, 'ttl'), `"${text(cookie, 'ttl')}" is not a valid duration, such as 30s.`);
  if (cookie.node && !has(cookie, 'name')) yield refusedKey(cookie, 'The cookie needs a `name`.');
}

function* ringFaults(hash: Place): Generator<Fault> {
  if ((number(hash, 'minimumRingSize') ?? 0) !== 0) {
    const algorithm = ['ringHash', 'maglev'].find((name) => field(hash, name).node);
    const at = field(hash, 'minimumRingSize');
    yield algorithm === undefined
      ? discouraged(at, '`minimumRingSize` is deprecated: use `ringHash.minimumRingSize` instead.')
      : refusedKey(at, `Only one of \`minimumRingSize\` and \`${algorithm}\` may be set.`);
  }
}

function* maglevFaults(maglev: Place): Generator<Fault> {
  const size = number(maglev, 'tableSize') ?? 0;
  if (maglev.node?.kind === 'map' && (size >= 5000011 || !isPrime(size)))
    yield refused(field(maglev, 'tableSize'), 'The table size of `maglev` must be a prime number below 5000011.');
}

function* warmupFaults(warmup: Place): Generator<Fault> {
  if ((number(warmup, 'aggression') ?? 1) <= 0)
    yield refused(field(warmup, 'aggression'), '`aggression` must be greater than 0.');
}

function isPrime(value: number): boolean {
  if (value < 2) return false;
  for (let divisor = 2; divisor * divisor <= value && divisor < 3000; divisor++)
    if (value % divisor === 0) return false;
  return true;
}
