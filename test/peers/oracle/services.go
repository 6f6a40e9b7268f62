package main

import (
	"fmt"
	"net/netip"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config/mesh/labelselector"
	"istio.io/istio/pkg/workloadapi"
)

// serviceReport is what ztunnels are told of a Service of the cluster.
type serviceReport struct {
	Service   string   `json:"service"`
	Host      string   `json:"host"`
	Waypoint  string   `json:"waypoint,omitempty"`
	Error     string   `json:"error,omitempty"`
	Addresses []string `json:"addresses,omitempty"`
	Canonical bool     `json:"canonical,omitempty"`
}

type canaryReport struct {
	Waypoint string `json:"waypoint"`
	Weight   uint32 `json:"weight"`
}

func services(server *xds.FakeDiscoveryServer, declared []*corev1.Service) []serviceReport {
	var out []serviceReport
	for _, svc := range declared {
		s := serviceReport{Service: svc.Namespace + "/" + svc.Name, Host: svc.Name + "." + svc.Namespace + ".svc.cluster.local"}
		info := server.AmbientIndex.ServiceInfo(svc.Namespace + "/" + s.Host)
		if info == nil {
			s.Error = "not in the ambient index"
		} else {
			s.Waypoint, s.Canonical, s.Addresses = info.Waypoint.ResourceName, info.Service.Canonical, addressesOf(info)
			if e := info.Waypoint.Error; e != nil {
				s.Error = e.Reason + ": " + e.Message
			}
		}
		out = append(out, s)
	}
	return out
}

// declaredServices are those of the question, without what deploy adds.
func (m *manifests) declaredServices() []*corev1.Service {
	var out []*corev1.Service
	for _, obj := range m.objects {
		if svc, ok := obj.(*corev1.Service); ok {
			out = append(out, svc)
		}
	}
	return out
}

func addressesOf(info *model.ServiceInfo) []string {
	var out []string
	for _, a := range info.Service.Addresses {
		ip, _ := netip.AddrFromSlice(a.Address)
		text := ip.String()
		if a.Length != nil && int(a.GetLength()) < ip.BitLen() {
			text = fmt.Sprintf("%s/%d", text, a.GetLength())
		}
		out = append(out, text)
	}
	return out
}

// canaryOf is the second waypoint that gets a share, by the Service that stands for it.
func canaryOf(info *model.ServiceInfo) *canaryReport {
	weighted := info.Service.GetWeightedWaypoints()
	if len(weighted) < 2 {
		return nil
	}
	return &canaryReport{Waypoint: gatewayOf(weighted[1].GetDestination()), Weight: weighted[1].GetWeight()}
}

func gatewayOf(address *workloadapi.GatewayAddress) string {
	host := address.GetHostname()
	name, _, _ := strings.Cut(host.GetHostname(), ".")
	return host.GetNamespace() + "/" + name
}

// discovered leaves out what lies in namespaces that istiod is told not to look
// into, as the clients of its config store do. Kubernetes' own objects are
// filtered by the fake cluster.
func (m *manifests) discovered(settings *meshconfig.MeshConfig) error {
	if len(settings.GetDiscoverySelectors()) == 0 {
		return nil
	}
	seen := map[string]bool{}
	for _, obj := range m.objects {
		ns, ok := obj.(*corev1.Namespace)
		if !ok {
			continue
		}
		for _, selector := range settings.DiscoverySelectors {
			s, err := labelselector.LabelSelectorAsSelector(selector)
			if err != nil {
				return err
			}
			seen[ns.Name] = seen[ns.Name] || s.Matches(labels.Set(ns.Labels))
		}
	}
	kept := m.configs[:0:0]
	for _, cfg := range m.configs {
		if cfg.Namespace == "" || seen[cfg.Namespace] {
			kept = append(kept, cfg)
		}
	}
	m.configs = kept
	return nil
}
