// Labels and annotations that rules read and fixes write, by Istio's own names. istio@86c9f01 istio.io/api/label/labels.gen.go.
export const useWaypoint = 'istio.io/use-waypoint';
export const useWaypointNamespace = 'istio.io/use-waypoint-namespace';
export const waypointFor = 'istio.io/waypoint-for';
export const dataplaneMode = 'istio.io/dataplane-mode';
export const enableAutoallocateIp = 'networking.istio.io/enable-autoallocate-ip';
/** Kubernetes sets it on every namespace, to the namespace's name. */
export const namespaceName = 'kubernetes.io/metadata.name';
/** On a gateway's pods: the name of the Gateway that they serve. */
export const gatewayName = 'gateway.networking.k8s.io/gateway-name';
/** An annotation: the waypoint stands behind another proxy, which then does the HBONE part. */
export const inboundBinding = 'ambient.istio.io/waypoint-inbound-binding';
