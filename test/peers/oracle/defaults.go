package main

import gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

// withDefaults fills in what the API server fills in of a route, as the CRDs
// of the Gateway API say. Without it Istio's converter meets objects that no
// cluster hands out: a rule without matches vanishes, a match without a path
// ends the process.
// sigs.k8s.io/gateway-api config/crd/standard gateway.networking.k8s.io_httproutes.yaml, _grpcroutes.yaml (default).
func withDefaults(kind string, object map[string]any) {
	spec, ok := object["spec"].(map[string]any)
	if !ok || (kind != "HTTPRoute" && kind != "GRPCRoute" && kind != "TCPRoute" && kind != "TLSRoute") {
		return
	}
	for _, ref := range items(spec["parentRefs"]) {
		fill(ref, "group", gatewayv1.GroupName)
		fill(ref, "kind", "Gateway")
	}
	if kind == "HTTPRoute" {
		fill(spec, "rules", []any{map[string]any{}})
	}
	for _, rule := range items(spec["rules"]) {
		backends(rule["backendRefs"])
		filters(rule["filters"])
		if kind == "HTTPRoute" {
			fill(rule, "matches", []any{map[string]any{}})
		}
		for _, match := range items(rule["matches"]) {
			matched(kind, match)
		}
	}
}

func matched(kind string, match map[string]any) {
	for _, list := range []string{"headers", "queryParams"} {
		for _, one := range items(match[list]) {
			fill(one, "type", "Exact")
		}
	}
	if method, ok := match["method"].(map[string]any); ok {
		fill(method, "type", "Exact")
	}
	if kind != "HTTPRoute" {
		return
	}
	fill(match, "path", map[string]any{})
	if path, ok := match["path"].(map[string]any); ok {
		fill(path, "type", "PathPrefix")
		fill(path, "value", "/")
	}
}

func backends(list any) {
	for _, backend := range items(list) {
		fill(backend, "group", "")
		fill(backend, "kind", "Service")
		fill(backend, "weight", int64(1))
		filters(backend["filters"])
	}
}

func filters(list any) {
	for _, filter := range items(list) {
		if redirect, ok := filter["requestRedirect"].(map[string]any); ok {
			fill(redirect, "statusCode", int64(302))
		}
		mirror, _ := filter["requestMirror"].(map[string]any)
		if backend, ok := mirror["backendRef"].(map[string]any); ok {
			fill(backend, "group", "")
			fill(backend, "kind", "Service")
		}
		if fraction, ok := mirror["fraction"].(map[string]any); ok {
			fill(fraction, "denominator", int64(100))
		}
	}
}

func items(list any) []map[string]any {
	values, _ := list.([]any)
	var out []map[string]any
	for _, value := range values {
		if item, ok := value.(map[string]any); ok {
			out = append(out, item)
		}
	}
	return out
}

func fill(object map[string]any, key string, value any) {
	if _, there := object[key]; !there {
		object[key] = value
	}
}
