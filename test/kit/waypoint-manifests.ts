/** Namespace `egress`, whose hosts use the waypoint `gate` in it. */
export const waypointManifests = `apiVersion: v1
kind: Namespace
metadata: { name: egress, labels: { istio.io/use-waypoint: gate } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gate, namespace: egress }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
`;
