package main

import (
	"fmt"
	"sort"
	"strings"

	clusterv3 "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/test/xds"
)

// client is a pod with a sidecar of its own that a question asks about.
type client struct {
	Namespace string            `json:"namespace"`
	Labels    map[string]string `json:"labels,omitempty"`
}

type sidecarReport struct {
	// As asked: `namespace key=value,…`.
	Client string `json:"client"`
	// What becomes of traffic to names that the sidecar does not know.
	Outbound string          `json:"outbound"`
	Clusters []clusterReport `json:"clusters"`
}

// askSidecar reports the clusters by which a sidecar reaches services.
func askSidecar(server *xds.FakeDiscoveryServer, c client, index int, version string) sidecarReport {
	proxy := server.SetupProxy(&model.Proxy{
		Type:            model.SidecarProxy,
		ConfigNamespace: c.Namespace,
		ID:              fmt.Sprintf("client-%d.%s", index, c.Namespace),
		Labels:          c.Labels,
		Metadata:        &model.NodeMetadata{Namespace: c.Namespace, Labels: c.Labels, IstioVersion: version},
		IPAddresses:     []string{fmt.Sprintf("10.253.0.%d", index+1)},
	})
	out := sidecarReport{Client: c.name(), Outbound: proxy.SidecarScope.OutboundTrafficPolicy.GetMode().String(), Clusters: []clusterReport{}}
	for _, cluster := range server.Clusters(proxy) {
		if isReached(cluster) {
			out.Clusters = append(out.Clusters, summarize(cluster))
		}
	}
	sort.Slice(out.Clusters, func(i, j int) bool { return out.Clusters[i].Name < out.Clusters[j].Name })
	return out
}

func isReached(c *clusterv3.Cluster) bool {
	return strings.HasPrefix(c.Name, "outbound|")
}

func (c client) name() string {
	var labels []string
	for key, value := range c.Labels {
		labels = append(labels, key+"="+value)
	}
	sort.Strings(labels)
	return strings.TrimSpace(c.Namespace + " " + strings.Join(labels, ","))
}
