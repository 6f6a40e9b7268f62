// The table of typed readers: a new kind is a line in kinds.ts, kind-of.ts and here.
import type { YamlMap } from '../yaml/node.ts';
import { readAuthorizationPolicy } from './authorization-policy.ts';
import { readBackendTlsPolicy } from './backend-tls-policy.ts';
import { readConfigMap } from './config-map.ts';
import { readDestinationRule } from './destination-rule.ts';
import { readGateway, readGatewayClass } from './gateway.ts';
import { readIstioGateway } from './istio-gateway.ts';
import type { Kind, KindMap } from './kinds.ts';
import { readNetworkPolicy } from './network-policy.ts';
import { readProxyExtension } from './proxy-extension.ts';
import { readRole, readRoleBinding } from './role.ts';
import { readRoute } from './route.ts';
import { readSecret } from './secret.ts';
import { readServiceEntry } from './service-entry.ts';
import { readService } from './service.ts';
import { readSidecar } from './sidecar.ts';
import type { EmptySpec } from './specs.ts';
import { readTelemetry } from './telemetry.ts';
import { readVirtualService } from './virtual-service.ts';
import { readWorkloadEntry } from './workload-entry.ts';
import { readPod, readWorkload } from './workload.ts';

const emptySpec: EmptySpec = {};
const readEmpty = (): EmptySpec => emptySpec;

const readers: { readonly [K in Kind]: (root: YamlMap) => KindMap[K] } = {
  Namespace: readEmpty,
  Service: readService,
  ServiceAccount: readEmpty,
  Secret: readSecret,
  Role: readRole,
  RoleBinding: readRoleBinding,
  NetworkPolicy: readNetworkPolicy,
  Pod: readPod,
  Workload: readWorkload,
  ConfigMap: readConfigMap,
  ServiceEntry: readServiceEntry,
  WorkloadEntry: readWorkloadEntry,
  DestinationRule: readDestinationRule,
  VirtualService: readVirtualService,
  IstioGateway: readIstioGateway,
  Gateway: readGateway,
  GatewayClass: readGatewayClass,
  HTTPRoute: readRoute,
  GRPCRoute: readRoute,
  TLSRoute: readRoute,
  TCPRoute: readRoute,
  AuthorizationPolicy: readAuthorizationPolicy,
  Telemetry: readTelemetry,
  Sidecar: readSidecar,
  BackendTLSPolicy: readBackendTlsPolicy,
  ProxyExtension: readProxyExtension,
};

/** The typed spec of an object, given its root. */
export function readSpec<K extends Kind>(kind: K, root: YamlMap): KindMap[K] {
  return readers[kind](root);
}
