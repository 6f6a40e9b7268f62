// The usual keys of egress manifests at a place, in their usual order. The others follow by name.
import { dataplaneMode, useWaypoint, useWaypointNamespace, waypointFor } from '../../model/label-names.ts';

const usual: Readonly<Record<string, readonly string[]>> = {
  '': ['apiVersion', 'kind', 'metadata', 'spec'],
  metadata: ['name', 'namespace', 'labels', 'annotations'],
  'metadata.labels': [useWaypoint, useWaypointNamespace, dataplaneMode],
  'ServiceEntry spec': ['hosts', 'ports', 'resolution', 'location', 'endpoints', 'addresses', 'exportTo'],
  'ServiceEntry spec.ports': ['number', 'name', 'protocol', 'targetPort'],
  'ServiceEntry spec.endpoints': ['address', 'ports', 'labels'],
  'DestinationRule spec': ['host', 'trafficPolicy', 'subsets', 'exportTo'],
  'DestinationRule spec.trafficPolicy': ['tls', 'portLevelSettings', 'connectionPool', 'outlierDetection'],
  'DestinationRule spec.trafficPolicy.portLevelSettings': ['port', 'tls'],
  'DestinationRule spec.trafficPolicy.tls': ['mode', 'sni', 'credentialName', 'subjectAltNames', 'caCertificates'],
  'DestinationRule spec.trafficPolicy.portLevelSettings.tls': ['mode', 'sni', 'credentialName', 'subjectAltNames'],
  'VirtualService spec': ['hosts', 'gateways', 'http', 'tls', 'tcp', 'exportTo'],
  'VirtualService spec.http': ['match', 'route', 'timeout', 'retries'],
  'VirtualService spec.http.route': ['destination', 'weight'],
  'VirtualService spec.http.route.destination': ['host', 'port', 'subset'],
  'VirtualService spec.http.match': ['gateways', 'port', 'uri', 'method', 'headers'],
  'AuthorizationPolicy spec': ['targetRefs', 'action', 'rules', 'selector'],
  'AuthorizationPolicy spec.targetRefs': ['group', 'kind', 'name'],
  'AuthorizationPolicy spec.rules': ['from', 'to', 'when'],
  'AuthorizationPolicy spec.rules.from.source': ['serviceAccounts', 'namespaces', 'principals'],
  'AuthorizationPolicy spec.rules.to.operation': ['methods', 'paths', 'hosts', 'ports'],
  'Telemetry spec': ['targetRefs', 'accessLogging', 'metrics', 'tracing'],
  'Telemetry spec.targetRefs': ['group', 'kind', 'name'],
  'Telemetry spec.accessLogging': ['providers', 'filter', 'disabled', 'match'],
  'AuthorizationPolicy spec.rules.when': ['key', 'values', 'notValues'],
  'Gateway metadata.labels': [waypointFor],
  'Gateway spec': ['gatewayClassName', 'listeners'],
  'Gateway spec.listeners': ['name', 'port', 'protocol', 'allowedRoutes'],
  'Gateway spec.listeners.allowedRoutes': ['namespaces', 'kinds'],
  'Service spec': ['ports', 'selector', 'type'],
  'Service spec.ports': ['name', 'port', 'targetPort', 'protocol'],
  'NetworkPolicy spec': ['podSelector', 'policyTypes', 'egress', 'ingress'],
  'NetworkPolicy spec.egress': ['to', 'ports'],
  'Role rules': ['apiGroups', 'resources', 'resourceNames', 'verbs'],
  'RoleBinding ': ['apiVersion', 'kind', 'metadata', 'roleRef', 'subjects'],
  'RoleBinding subjects': ['kind', 'name', 'namespace'],
  'RoleBinding roleRef': ['apiGroup', 'kind', 'name'],
  'HTTPRoute spec': ['parentRefs', 'hostnames', 'rules'],
  'HTTPRoute spec.parentRefs': ['group', 'kind', 'name', 'namespace'],
  'HTTPRoute spec.rules': ['matches', 'backendRefs', 'filters', 'timeouts'],
  'HTTPRoute spec.rules.backendRefs': ['group', 'kind', 'name', 'port', 'weight'],
};

/** Position of a key among those of its place; after all of them where it is not one. */
export function usualOrder(kind: string, place: string, key: string): number {
  const order = (usual[`${kind} ${place}`] ?? usual[place] ?? []).indexOf(key);
  return order < 0 ? 99 : order;
}
