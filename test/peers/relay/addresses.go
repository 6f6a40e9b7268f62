package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"slices"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	discovery "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protojson"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pkg/workloadapi"
)

const addressType = "type.googleapis.com/istio.workload.Address"

// followAddresses keeps in file what istiod tells a ztunnel of services and workloads.
func followAddresses(istiod *grpc.ClientConn, file string) error {
	stream, err := discovery.NewAggregatedDiscoveryServiceClient(istiod).DeltaAggregatedResources(context.Background(), grpc.WaitForReady(true))
	if err != nil {
		return err
	}
	meta := model.NodeMetadata{Namespace: "istio-system", ClusterID: "Kubernetes", IstioVersion: "1.31.0", ServiceAccount: "ztunnel"}
	node := &corev3.Node{Id: "ztunnel~127.0.0.1~ztunnel-0.istio-system~istio-system.svc.cluster.local", Metadata: meta.ToStruct()}
	ask := &discovery.DeltaDiscoveryRequest{Node: node, TypeUrl: addressType, ResourceNamesSubscribe: []string{"*"}}
	if err := stream.Send(ask); err != nil {
		return err
	}
	known := map[string]json.RawMessage{}
	for {
		resp, err := stream.Recv()
		if err != nil {
			return err
		}
		if err := update(known, resp); err != nil {
			return err
		}
		if err := write(known, file); err != nil {
			return err
		}
		if err := stream.Send(&discovery.DeltaDiscoveryRequest{TypeUrl: addressType, ResponseNonce: resp.Nonce}); err != nil {
			return err
		}
	}
}

func update(known map[string]json.RawMessage, resp *discovery.DeltaDiscoveryResponse) error {
	for _, name := range resp.RemovedResources {
		delete(known, name)
	}
	for _, resource := range resp.Resources {
		address := &workloadapi.Address{}
		if err := resource.Resource.UnmarshalTo(address); err != nil {
			return err
		}
		text, err := protojson.Marshal(address)
		if err != nil {
			return err
		}
		known[resource.Name] = text
	}
	return nil
}

// write renames a finished file into place: readers never see half of one.
func write(known map[string]json.RawMessage, file string) error {
	names := make([]string, 0, len(known))
	for name := range known {
		names = append(names, name)
	}
	slices.Sort(names)
	var text bytes.Buffer
	text.WriteByte('[')
	for i, name := range names {
		if i > 0 {
			text.WriteString(",\n")
		}
		text.Write(known[name])
	}
	text.WriteString("]\n")
	if err := os.WriteFile(file+".part", text.Bytes(), 0o644); err != nil {
		return err
	}
	return os.Rename(file+".part", file)
}
