package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"os"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	discovery "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	secret "github.com/envoyproxy/go-control-plane/envoy/service/secret/v3"
	"google.golang.org/grpc"

	"istio.io/istio/pilot/pkg/model"
)

type proxy struct {
	namespace, name, ip, certs string
}

// node is what the waypoint's own agent would tell istiod of its pod.
func (p proxy) node() *corev3.Node {
	meta := model.NodeMetadata{
		Namespace: p.namespace,
		Labels: map[string]string{
			"gateway.networking.k8s.io/gateway-name":       p.name,
			"gateway.networking.k8s.io/gateway-class-name": "istio-waypoint",
			"gateway.istio.io/managed":                     "istio.io-mesh-controller",
		},
		ClusterID:      "Kubernetes",
		IstioVersion:   "1.31.0",
		ServiceAccount: p.name,
	}
	return &corev3.Node{
		Id:       fmt.Sprintf("waypoint~%s~%s-0.%s~%s.svc.cluster.local", p.ip, p.name, p.namespace, p.namespace),
		Metadata: meta.ToStruct(),
	}
}

func serve(p proxy, istiod *grpc.ClientConn, socket string) error {
	os.Remove(socket)
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	discovery.RegisterAggregatedDiscoveryServiceServer(server, &relay{
		istiod: discovery.NewAggregatedDiscoveryServiceClient(istiod),
		proxy:  p,
	})
	secret.RegisterSecretDiscoveryServiceServer(server, &secrets{dir: p.certs})
	return server.Serve(listener)
}

type relay struct {
	discovery.UnimplementedAggregatedDiscoveryServiceServer
	istiod discovery.AggregatedDiscoveryServiceClient
	proxy  proxy
}

// StreamAggregatedResources passes on what Envoy asks and what istiod answers until either ends.
func (r *relay) StreamAggregatedResources(envoy discovery.AggregatedDiscoveryService_StreamAggregatedResourcesServer) error {
	ctx, cancel := context.WithCancel(envoy.Context())
	defer cancel()
	istiod, err := r.istiod.StreamAggregatedResources(ctx)
	if err != nil {
		return err
	}
	ended := make(chan error, 2)
	go func() {
		ended <- pump(envoy.Recv, func(req *discovery.DiscoveryRequest) error { return istiod.Send(r.asked(req)) })
	}()
	go func() {
		ended <- pump(istiod.Recv, func(resp *discovery.DiscoveryResponse) error { return envoy.Send(r.answered(resp)) })
	}()
	return <-ended
}

func pump[T any](recv func() (T, error), send func(T) error) error {
	for {
		message, err := recv()
		if err != nil {
			return err
		}
		if err := send(message); err != nil {
			return err
		}
	}
}

func (r *relay) asked(req *discovery.DiscoveryRequest) *discovery.DiscoveryRequest {
	if req.ErrorDetail != nil {
		log.Printf("Envoy refuses %s: %s", req.TypeUrl, req.ErrorDetail.Message)
	}
	req.Node = r.proxy.node()
	return req
}

func (r *relay) answered(resp *discovery.DiscoveryResponse) *discovery.DiscoveryResponse {
	for i, resource := range resp.Resources {
		resp.Resources[i] = plain(resource, r.proxy.ip)
	}
	return resp
}
