// What fixes write: whole manifests, and the labels that bind an object to a waypoint.
import type { Resource } from '../../model/resource.ts';
import type { Change, Plain } from '../rule.ts';
import { gatewayName, namespaceName, useWaypoint, useWaypointNamespace } from '../../model/label-names.ts';

/** A waypoint as `istioctl waypoint generate` makes it; `admits` are the other namespaces whose objects may name it. */
export function waypointManifest(name: string, namespace: string, admits: readonly string[]): Plain {
  const listener = { name: 'mesh', port: 15008, protocol: 'HBONE' };
  const others = admits.filter((other) => other !== namespace);
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name, namespace },
    spec: {
      gatewayClassName: 'istio-waypoint',
      listeners: [
        others.length === 0
          ? listener
          : { ...listener, allowedRoutes: { namespaces: admitting([namespace, ...others]) } },
      ],
    },
  };
}

/** The value of `allowedRoutes.namespaces` that lets exactly these namespaces attach. */
export function admitting(namespaces: readonly string[]): Plain {
  return {
    from: 'Selector',
    selector: { matchExpressions: [{ key: namespaceName, operator: 'In', values: [...namespaces] }] },
  };
}

/** A rule that speaks TLS to the host on every port of it that arrives as plain HTTP. */
export function originatingRule(name: string, namespace: string | undefined, host: string): Plain {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: namespace === undefined ? { name } : { name, namespace },
    spec: { host, trafficPolicy: { tls: { mode: 'SIMPLE' } } },
  };
}

/** Lets pods of the namespace reach what is in the cluster, its DNS and waypoints among it, and nothing outside. */
export function insideOnly(namespace: string, but?: readonly [string, string]): Plain {
  const podSelector = but ? { matchExpressions: [{ key: but[0], operator: 'NotIn', values: [but[1]] }] } : {};
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'inside-only', namespace },
    spec: { podSelector, policyTypes: ['Egress'], egress: [{ to: [{ namespaceSelector: {} }] }] },
  };
}

/** Lets tunnels into the pods of the waypoint, and lets these out to everything. */
export function allowWaypoint(waypoint: string, namespace: string): Plain {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `${waypoint}-traffic`, namespace },
    spec: {
      podSelector: { matchLabels: { [gatewayName]: waypoint } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ ports: [{ protocol: 'TCP', port: 15008 }] }],
      egress: [{}],
    },
  };
}

/** Labels the object so that it uses the waypoint. */
export function bindTo(object: Resource, waypoint: Pick<Resource, 'namespace' | 'name'>): Change[] {
  const own = object.kind === 'Namespace' ? object.name : object.namespace;
  const changes: Change[] = [
    { op: 'set', in: object, path: ['metadata', 'labels', useWaypoint], value: waypoint.name },
  ];
  const path = ['metadata', 'labels', useWaypointNamespace];
  if (waypoint.namespace !== own) changes.push({ op: 'set', in: object, path, value: waypoint.namespace });
  else if (object.labels.has(useWaypointNamespace)) changes.push({ op: 'remove', in: object, path });
  return changes;
}

/** A Role, and a RoleBinding that gives it to the account. */
export function secretReaders(namespace: string, account: string, name: string): readonly [Plain, Plain] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  return [
    {
      apiVersion,
      kind: 'Role',
      metadata: { name, namespace },
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'watch', 'list'] }],
    },
    {
      apiVersion,
      kind: 'RoleBinding',
      metadata: { name, namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
    },
  ];
}
