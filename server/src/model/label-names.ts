// Labels and annotations that rules read and fixes write, by Istio's own names. istio@86c9f01 istio.io/api/label/labels.gen.go.
export const useWaypoint = 'istio.io/use-waypoint';
export const useWaypointNamespace = 'istio.io/use-waypoint-namespace';
export const waypointFor = 'istio.io/waypoint-for';
// How a namespace or pod joins the mesh. Only `mesh/clients/data-plane.ts` decides by them.
/** On a namespace or pod: `ambient` puts pods into ambient mode, `none` on a pod excludes it. */
export const dataplaneMode = 'istio.io/dataplane-mode';
/** On a namespace: `enabled` injects sidecars, any other value prevents it. */
export const namespaceInjection = 'istio-injection';
/** On a namespace or pod: the revision of the control plane that injects sidecars there. */
export const revision = 'istio.io/rev';
/** The labels of a namespace by which its pods join the mesh. */
export const dataPlaneLabels = [dataplaneMode, namespaceInjection, revision] as const;
export type DataPlaneLabel = (typeof dataPlaneLabels)[number];
/** A label of a pod, or an annotation: `true` or `false`. */
export const podInjection = 'sidecar.istio.io/inject';
/** An annotation of a pod: which templates are injected in place of the sidecar's. */
export const injectionTemplates = 'inject.istio.io/templates';
/** An annotation that the injector leaves on a pod. */
export const injectionStatus = 'sidecar.istio.io/status';
export const useWaypointCanary = 'istio.io/use-waypoint-canary';
export const useWaypointCanaryNamespace = 'istio.io/use-waypoint-canary-namespace';
/** An annotation. */
export const useWaypointCanaryWeight = 'istio.io/use-waypoint-canary-weight';
/** On a Service, a ServiceEntry or their Namespace: `true` sends what ingress gateways send through the waypoint, too. */
export const ingressUseWaypoint = 'istio.io/ingress-use-waypoint';
/** An annotation of an AuthorizationPolicy: `true` logs what it would do. */
export const dryRun = 'istio.io/dry-run';
/** An annotation of a pod: `true` leaves what it receives to it. */
export const bypassInboundCapture = 'ambient.istio.io/bypass-inbound-capture';
/** Annotations of a pod: which connections of its own a sidecar does not take, or only takes. */
export const excludeOutboundIpRanges = 'traffic.sidecar.istio.io/excludeOutboundIPRanges';
export const interceptionMode = 'sidecar.istio.io/interceptionMode';
export const nativeSidecar = 'sidecar.istio.io/nativeSidecar';
export const excludeOutboundPorts = 'traffic.sidecar.istio.io/excludeOutboundPorts';
export const includeOutboundIpRanges = 'traffic.sidecar.istio.io/includeOutboundIPRanges';
export const includeOutboundPorts = 'traffic.sidecar.istio.io/includeOutboundPorts';
/** An annotation of a pod: `false` turns off ztunnel's answers to its DNS queries. */
export const dnsCapture = 'ambient.istio.io/dns-capture';
export const enableAutoallocateIp = 'networking.istio.io/enable-autoallocate-ip';
/** Kubernetes sets it on every namespace, to the namespace's name. */
export const namespaceName = 'kubernetes.io/metadata.name';
/** On a gateway's pods: the name of the Gateway that they serve. */
export const gatewayName = 'gateway.networking.k8s.io/gateway-name';
/** On pods that istiod makes for a Gateway: its class. */
export const gatewayClassName = 'gateway.networking.k8s.io/gateway-class-name';
/** On these pods: which controller of istiod's made them. */
export const gatewayManaged = 'gateway.istio.io/managed';
/** An annotation of a Gateway: the name of its Deployment and Service, in the place of `NAME-CLASS`. */
export const gatewayNameOverride = 'gateway.istio.io/name-override';
/** What the pods of Istio's first waypoints had in its place: istio/istio#45502. */
export const oldGatewayName = 'istio.io/gateway-name';
/** An annotation: the waypoint stands behind another proxy, which then does the HBONE part. */
export const inboundBinding = 'ambient.istio.io/waypoint-inbound-binding';
/** A TLS option of a listener: how an Istio gateway ends TLS. istio@86c9f01 pilot/pkg/config/kube/gateway/conversion.go buildTLS. */
export const tlsTerminateMode = 'gateway.istio.io/tls-terminate-mode';
