import type { Span } from '../base/span.ts';
import { withoutRoom } from '../base/without-room.ts';
import { entryOf } from '../yaml/read.ts';
import {
  booleanField,
  child,
  childMap,
  eachMap,
  number,
  numberField,
  optionalTextList,
  setKeys,
  text,
  textField,
  textList,
  textMap,
  type Maybe,
} from './read-field.ts';
import { readWorkloadSelector } from './selectors.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { ClientTls, DestinationRuleSpec, PortTrafficPolicy, TrafficPolicy } from './specs.ts';

export function readDestinationRule(root: YamlMap): DestinationRuleSpec {
  const spec = childMap(root, 'spec');
  return {
    host: textField(spec, 'host'),
    trafficPolicy: readTrafficPolicy(spec),
    subsets: eachMap(spec, 'subsets', (item) => ({
      name: textField(item, 'name'),
      labels: textMap(child(item, 'labels')),
      trafficPolicy: readTrafficPolicy(item),
      span: item.span,
    })),
    exportTo: optionalTextList(spec, 'exportTo'),
    workloadSelector: readWorkloadSelector(spec, 'workloadSelector'),
  };
}

function readTrafficPolicy(parent: Maybe): TrafficPolicy | undefined {
  const entry = entryOf(parent, 'trafficPolicy');
  if (entry?.value.kind !== 'map') return undefined;
  return {
    key: entry.key.span,
    tls: readClientTls(entry.value),
    portLevelSettings: eachMap(entry.value, 'portLevelSettings', readPortPolicy),
    otherFields: withoutRoom(setKeys(entry.value).filter((key) => key !== 'tls' && key !== 'portLevelSettings')),
    httpOptions: readHttpOptions(entry.value),
    outlierDetection: readOutlierDetection(entry.value),
  };
}

function readPortPolicy(item: YamlMap, index: number): PortTrafficPolicy {
  return {
    span: item.span,
    index,
    port: numberField(child(item, 'port'), 'number'),
    tls: readClientTls(item),
    otherFields: withoutRoom(setKeys(item).filter((key) => key !== 'tls' && key !== 'port')),
    httpOptions: readHttpOptions(item),
    outlierDetection: readOutlierDetection(item),
  };
}

/** An empty one is one; null is none. */
function readOutlierDetection(policy: YamlMap): Span | undefined {
  const entry = entryOf(policy, 'outlierDetection');
  return entry?.value.kind === 'map' ? entry.key.span : undefined;
}

/** istio@86c9f01 pilot/pkg/networking/core/cluster_traffic_policy.go applyConnectionPool, applyH2Upgrade: what makes HttpProtocolOptions. */
function readHttpOptions(policy: YamlMap): Span | undefined {
  const pool = entryOf(policy, 'connectionPool');
  const [http, tcp] = [child(pool?.value, 'http'), child(pool?.value, 'tcp')];
  const isSet =
    ['idleTimeout', 'http2KeepAlive'].some((key) => entryOf(http, key)) ||
    ['idleTimeout', 'maxConnectionDuration'].some((key) => entryOf(tcp, key)) ||
    ['maxRequestsPerConnection', 'maxConcurrentStreams'].some((key) => (number(http, key) ?? 0) > 0) ||
    booleanField(http, 'useClientProtocol')?.value === true ||
    text(http, 'h2UpgradePolicy') === 'UPGRADE';
  return isSet ? pool?.key.span : undefined;
}

function readClientTls(parent: YamlMap): ClientTls | undefined {
  const entry = entryOf(parent, 'tls');
  if (entry?.value.kind !== 'map') return undefined;
  const tls = entry.value;
  return {
    key: entry.key.span,
    span: tls.span,
    mode: textField(tls, 'mode'),
    sni: textField(tls, 'sni'),
    subjectAltNames: textList(tls, 'subjectAltNames'),
    credentialName: textField(tls, 'credentialName'),
    caCertificates: textField(tls, 'caCertificates'),
    clientCertificate: textField(tls, 'clientCertificate'),
    privateKey: textField(tls, 'privateKey'),
    insecureSkipVerify: booleanField(tls, 'insecureSkipVerify'),
  };
}
