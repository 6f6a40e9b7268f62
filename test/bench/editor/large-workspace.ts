// A folder of 100,000 resources, and the file of 2,000 lines in it that is edited.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of four resources each, twenty in a file. */
const groups = 25_000;
const perFile = 20;

/** Teams that share a waypoint. */
const perWaypoint = 100;

function waypointOf(group: number): string {
  return `egress-${Math.floor(group / perWaypoint)}`;
}

/** A group is a team's egress: namespace, host, TLS and policy. */
function group(i: number): string {
  return `apiVersion: v1
kind: Namespace
metadata:
  name: team-${i}
  labels:
    istio.io/dataplane-mode: ambient
    istio.io/use-waypoint: wp
    istio.io/use-waypoint-namespace: ${waypointOf(i)}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: api
  namespace: team-${i}
spec:
  hosts:
  - host-${i}.example.com
  ports:
  - number: 80
    name: http
    protocol: HTTP
    targetPort: 443
  resolution: DNS
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: api
  namespace: team-${i}
spec:
  host: host-${i}.example.com
  trafficPolicy:
    tls:
      mode: SIMPLE
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: api
  namespace: team-${i}
spec:
  targetRefs:
  - group: networking.istio.io
    kind: ServiceEntry
    name: api
  rules:
  - from:
    - source:
        serviceAccounts: [team-${i}/app]
    to:
    - operation:
        methods: [GET]
---
`;
}

function waypoint(namespace: string): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: wp
  namespace: ${namespace}
spec:
  gatewayClassName: istio-waypoint
  listeners:
  - name: mesh
    port: 15008
    protocol: HBONE
    allowedRoutes:
      namespaces:
        from: All
---
`;
}

/** The file of 2,000 lines. */
export const editedFile = 'edited.yaml';

/** Writes the folder; returns the text of the edited file. */
export function writeLargeWorkspace(folder: string): string {
  mkdirSync(join(folder, 'teams'));
  for (let file = 0; file < groups / perFile; file++)
    writeFileSync(
      join(folder, 'teams', `${file}.yaml`),
      Array.from({ length: perFile }, (_, i) => group(file * perFile + i)).join(''),
    );
  let edited = '';
  for (let i = groups; edited.split('\n').length < 2000; i++) edited += group(i);
  writeFileSync(join(folder, editedFile), edited);
  const waypoints = new Set(Array.from({ length: groups + perWaypoint }, (_, i) => waypointOf(i)));
  writeFileSync(join(folder, 'waypoints.yaml'), [...waypoints].map(waypoint).join(''));
  return edited;
}
