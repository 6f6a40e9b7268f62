// Which kinds are read, under which API groups. A kind that shares its name with another group's gets a name of its own here.
import type * as specs from './specs.ts';

export interface KindMap {
  Namespace: specs.EmptySpec;
  Service: specs.ServiceSpec;
  ServiceAccount: specs.EmptySpec;
  /** Only the names of its keys are read, never a value. */
  Secret: specs.SecretSpec;
  Role: specs.RoleSpec;
  RoleBinding: specs.RoleBindingSpec;
  NetworkPolicy: specs.NetworkPolicySpec;
  Pod: specs.PodSpec;
  /** Deployment, StatefulSet, DaemonSet, Job and CronJob, read as their pod template. */
  Workload: specs.PodSpec;
  /** Mesh settings (key `mesh`); of others only the names of their keys. */
  ConfigMap: specs.ConfigMapSpec;
  ServiceEntry: specs.ServiceEntrySpec;
  WorkloadEntry: specs.WorkloadEntrySpec;
  DestinationRule: specs.DestinationRuleSpec;
  VirtualService: specs.VirtualServiceSpec;
  /** networking.istio.io Gateway. */
  IstioGateway: specs.IstioGatewaySpec;
  /** gateway.networking.k8s.io Gateway. */
  Gateway: specs.GatewaySpec;
  GatewayClass: specs.GatewayClassSpec;
  HTTPRoute: specs.RouteSpec;
  GRPCRoute: specs.RouteSpec;
  TLSRoute: specs.RouteSpec;
  TCPRoute: specs.RouteSpec;
  AuthorizationPolicy: specs.AuthorizationPolicySpec;
  Telemetry: specs.TelemetrySpec;
  Sidecar: specs.SidecarSpec;
  BackendTLSPolicy: specs.BackendTlsPolicySpec;
  /** EnvoyFilter, WasmPlugin and the like, and other vendors' policies: what they are attached to, not what they do. */
  ProxyExtension: specs.ProxyExtensionSpec;
}

export type Kind = keyof KindMap;
