package main

import (
	"fmt"
	"sort"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	endpointv3 "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	httprbac "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/rbac/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	netrbac "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/rbac/v3"
	tlsv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/test/xds"
)

// proxyQuestion is a sidecar or the pod of a gateway, whose whole outbound
// configuration is asked for.
type proxyQuestion struct {
	Name      string            `json:"name"`
	Type      string            `json:"type"` // sidecar or router
	Namespace string            `json:"namespace"`
	Labels    map[string]string `json:"labels,omitempty"`
	// Of a router: the address of its pod, which an EndpointSlice lists.
	IP string `json:"ip"`
	// Whether the pod's DNS is captured.
	DNS bool `json:"dns,omitempty"`
}

// configReport is what Envoy is sent, without what is for inbound traffic.
type configReport struct {
	Name      string                         `json:"name"`
	Listeners []listenerReport               `json:"listeners"`
	Routes    map[string][]virtualHostReport `json:"routes"`
	Clusters  []clusterReport                `json:"clusters"`
	// Where its DNS is captured: what names resolve to.
	Names map[string][]string `json:"names,omitempty"`
	Raw   *rawConfig          `json:"raw,omitempty"`
}

type listenerReport struct {
	Name string `json:"name"`
	// ADDRESS:PORT, the first of several.
	Bind    string        `json:"bind"`
	Chains  []chainReport `json:"chains"`
	Default *chainReport  `json:"default,omitempty"`
}

type chainReport struct {
	Name         string   `json:"name"`
	ServerNames  []string `json:"serverNames,omitempty"`
	Prefixes     []string `json:"prefixes,omitempty"`
	Port         uint32   `json:"port,omitempty"`
	Transport    string   `json:"transport,omitempty"`
	Applications []string `json:"applications,omitempty"`
	// How TLS ends here; empty where the bytes pass as they are.
	TLS  string       `json:"tls,omitempty"` // any-client or client-certificate
	RBAC []rbacReport `json:"rbac,omitempty"`
	// The route configuration, of an HTTP chain.
	RDS string              `json:"rds,omitempty"`
	To  []destinationReport `json:"to,omitempty"`
}

func askProxy(server *xds.FakeDiscoveryServer, q proxyQuestion, version string, raw bool) configReport {
	proxy := server.SetupProxy(&model.Proxy{
		Type:            model.NodeType(q.Type),
		ConfigNamespace: q.Namespace,
		ID:              q.Name + "." + q.Namespace,
		Labels:          q.Labels,
		Metadata: &model.NodeMetadata{
			Namespace: q.Namespace, Labels: q.Labels, IstioVersion: version, ClusterID: "Kubernetes", DNSCapture: model.StringBool(q.DNS),
		},
		IPAddresses: []string{q.IP},
	})
	out := configReport{Name: q.Name, Listeners: []listenerReport{}, Routes: map[string][]virtualHostReport{}, Clusters: []clusterReport{}}
	for _, l := range server.Listeners(proxy) {
		if l.TrafficDirection != corev3.TrafficDirection_INBOUND {
			out.Listeners = append(out.Listeners, listener(l))
		}
	}
	for _, config := range server.Routes(proxy) {
		hosts := []virtualHostReport{}
		for _, vh := range config.GetVirtualHosts() {
			host := virtualHostReport{Domains: vh.GetDomains(), RequireTLS: vh.GetRequireTls() != 0, Routes: []entryReport{}}
			for _, r := range vh.GetRoutes() {
				host.Routes = append(host.Routes, entry(r, nil))
			}
			hosts = append(hosts, host)
		}
		out.Routes[config.Name] = hosts
	}
	assigned := map[string]*endpointv3.ClusterLoadAssignment{}
	for _, e := range server.Endpoints(proxy) {
		assigned[e.ClusterName] = e
	}
	for _, c := range server.Clusters(proxy) {
		if !isReached(c) {
			continue
		}
		summary := summarize(c)
		if name := c.GetEdsClusterConfig().GetServiceName(); name != "" {
			summary.Endpoints = endpointsOf(assigned[name])
		}
		out.Clusters = append(out.Clusters, summary)
	}
	if raw {
		out.Raw = rawOf(server, proxy)
	}
	if q.DNS {
		out.Names = map[string][]string{}
		for name, info := range server.ConfigGen.BuildNameTable(proxy, server.PushContext()).GetTable() {
			out.Names[name] = info.GetIps()
		}
	}
	sort.Slice(out.Listeners, func(i, j int) bool { return out.Listeners[i].Name < out.Listeners[j].Name })
	sort.Slice(out.Clusters, func(i, j int) bool { return out.Clusters[i].Name < out.Clusters[j].Name })
	return out
}

func listener(l *listenerv3.Listener) listenerReport {
	bind := l.GetAddress().GetSocketAddress()
	out := listenerReport{Name: l.Name, Bind: fmt.Sprintf("%s:%d", bind.GetAddress(), bind.GetPortValue()), Chains: []chainReport{}}
	for _, c := range l.FilterChains {
		out.Chains = append(out.Chains, chainOf(c))
	}
	if c := l.DefaultFilterChain; c != nil {
		fallback := chainOf(c)
		out.Default = &fallback
	}
	return out
}

func chainOf(c *listenerv3.FilterChain) chainReport {
	match := c.GetFilterChainMatch()
	out := chainReport{
		Name: c.Name, ServerNames: match.GetServerNames(), Transport: match.GetTransportProtocol(),
		Applications: match.GetApplicationProtocols(), Port: match.GetDestinationPort().GetValue(), To: table(c, nil).To,
	}
	for _, p := range match.GetPrefixRanges() {
		out.Prefixes = append(out.Prefixes, fmt.Sprintf("%s/%d", p.AddressPrefix, p.PrefixLen.GetValue()))
	}
	if tls, ok := open(c.GetTransportSocket().GetTypedConfig()).(*tlsv3.DownstreamTlsContext); ok {
		out.TLS = "any-client"
		if tls.GetRequireClientCertificate().GetValue() {
			out.TLS = "client-certificate"
		}
	}
	for _, f := range c.Filters {
		switch msg := open(f.GetTypedConfig()).(type) {
		case *netrbac.RBAC:
			out.RBAC = append(out.RBAC, rules(f.Name, msg.GetRules(), "")...)
			out.RBAC = append(out.RBAC, rules(f.Name, msg.GetShadowRules(), msg.GetShadowRulesStatPrefix())...)
		case *hcm.HttpConnectionManager:
			out.RDS = msg.GetRds().GetRouteConfigName()
			for _, h := range msg.GetHttpFilters() {
				if r, ok := open(h.GetTypedConfig()).(*httprbac.RBAC); ok {
					out.RBAC = append(out.RBAC, rules(h.Name, r.GetRules(), "")...)
					out.RBAC = append(out.RBAC, rules(h.Name, r.GetShadowRules(), r.GetShadowRulesStatPrefix())...)
				}
			}
		}
	}
	return out
}

func rawOf(server *xds.FakeDiscoveryServer, proxy *model.Proxy) *rawConfig {
	out := &rawConfig{}
	for _, l := range server.Listeners(proxy) {
		out.Listeners = append(out.Listeners, asJSON(l))
	}
	for _, c := range server.Clusters(proxy) {
		out.Clusters = append(out.Clusters, asJSON(c))
	}
	for _, e := range server.Endpoints(proxy) {
		out.Endpoints = append(out.Endpoints, asJSON(e))
	}
	for _, r := range server.Routes(proxy) {
		out.Routes = append(out.Routes, asJSON(r))
	}
	return out
}
