package main

import (
	"encoding/json"

	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	routev3 "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	tcpproxy "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/tcp_proxy/v3"
)

// tableReport is where one filter chain sends what arrives: virtual hosts on
// an HTTP chain, destinations on a TCP chain.
type tableReport struct {
	VirtualHosts []virtualHostReport `json:"virtualHosts,omitempty"`
	To           []destinationReport `json:"to,omitempty"`
}

type virtualHostReport struct {
	Domains []string `json:"domains"`
	// Whether plain HTTP is answered with a redirect.
	RequireTLS bool          `json:"requireTls,omitempty"`
	Routes     []entryReport `json:"routes"`
}

// entryReport is one route: the first that matches counts. Without
// destinations, redirect and response it has no action at all.
type entryReport struct {
	// Envoy's RouteMatch.
	Match json.RawMessage `json:"match"`
	// The VirtualService it was made from, or the one that a route became.
	From     string              `json:"from,omitempty"`
	To       []destinationReport `json:"to,omitempty"`
	Redirect json.RawMessage     `json:"redirect,omitempty"`
	Response uint32              `json:"response,omitempty"`
	// The Host that is sent instead of the request's.
	HostRewrite string `json:"hostRewrite,omitempty"`
	// What is answered where the cluster is not there.
	NotFound string                     `json:"notFound,omitempty"`
	Filters  map[string]json.RawMessage `json:"filters,omitempty"`
}

// destinationReport names a cluster. Weight is that of a weighted route.
type destinationReport struct {
	Cluster     string `json:"cluster"`
	Weight      uint32 `json:"weight,omitempty"`
	HostRewrite string `json:"hostRewrite,omitempty"`
	// Absent where no such cluster was generated.
	Is *clusterReport `json:"is,omitempty"`
}

func table(chain *listenerv3.FilterChain, clusters map[string]clusterReport) *tableReport {
	out := &tableReport{}
	for _, f := range chain.Filters {
		switch msg := open(f.GetTypedConfig()).(type) {
		case *tcpproxy.TcpProxy:
			if name := msg.GetCluster(); name != "" {
				out.To = append(out.To, destination(name, 0, "", clusters))
			}
			for _, c := range msg.GetWeightedClusters().GetClusters() {
				out.To = append(out.To, destination(c.Name, c.Weight, "", clusters))
			}
		case *hcm.HttpConnectionManager:
			for _, vh := range msg.GetRouteConfig().GetVirtualHosts() {
				host := virtualHostReport{Domains: vh.GetDomains(), Routes: []entryReport{}}
				for _, r := range vh.GetRoutes() {
					host.Routes = append(host.Routes, entry(r, clusters))
				}
				out.VirtualHosts = append(out.VirtualHosts, host)
			}
		}
	}
	return out
}

func entry(r *routev3.Route, clusters map[string]clusterReport) entryReport {
	out := entryReport{
		Match: asJSON(r.GetMatch()),
		From:  r.GetMetadata().GetFilterMetadata()["istio"].GetFields()["config"].GetStringValue(),
	}
	if redirect := r.GetRedirect(); redirect != nil {
		out.Redirect = asJSON(redirect)
	}
	out.Response = r.GetDirectResponse().GetStatus()
	if action := r.GetRoute(); action != nil {
		out.HostRewrite = action.GetHostRewriteLiteral()
		out.NotFound = action.GetClusterNotFoundResponseCode().String()
		if name := action.GetCluster(); name != "" {
			out.To = append(out.To, destination(name, 0, "", clusters))
		}
		for _, c := range action.GetWeightedClusters().GetClusters() {
			out.To = append(out.To, destination(c.Name, c.GetWeight().GetValue(), c.GetHostRewriteLiteral(), clusters))
		}
	}
	for name, config := range r.GetTypedPerFilterConfig() {
		if out.Filters == nil {
			out.Filters = map[string]json.RawMessage{}
		}
		out.Filters[name] = asJSON(config)
	}
	return out
}

func destination(name string, weight uint32, host string, clusters map[string]clusterReport) destinationReport {
	out := destinationReport{Cluster: name, Weight: weight, HostRewrite: host}
	if is, ok := clusters[name]; ok {
		out.Is = &is
	}
	return out
}
