package main

import (
	"fmt"
	"log"
	"path/filepath"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	tlsv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	discovery "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	secret "github.com/envoyproxy/go-control-plane/envoy/service/secret/v3"
	"google.golang.org/protobuf/types/known/anypb"
)

// secrets serves what the waypoint's own agent would: the pod's certificate, the mesh's root, the system's roots.
type secrets struct {
	secret.UnimplementedSecretDiscoveryServiceServer
	dir string
}

func (s *secrets) StreamSecrets(stream secret.SecretDiscoveryService_StreamSecretsServer) error {
	for {
		req, err := stream.Recv()
		if err != nil {
			return err
		}
		if req.ErrorDetail != nil {
			log.Printf("Envoy refuses a secret: %s", req.ErrorDetail.Message)
		}
		// Nothing changes here, so the answer to an answer is that there is nothing new.
		if req.ResponseNonce != "" {
			continue
		}
		resp, err := s.answer(req)
		if err != nil {
			return err
		}
		if err := stream.Send(resp); err != nil {
			return err
		}
	}
}

func (s *secrets) answer(req *discovery.DiscoveryRequest) (*discovery.DiscoveryResponse, error) {
	resp := &discovery.DiscoveryResponse{TypeUrl: req.TypeUrl, VersionInfo: "1", Nonce: "1"}
	for _, name := range req.ResourceNames {
		found, err := s.find(name)
		if err != nil {
			leftOut("secret " + name + ": " + err.Error())
			continue
		}
		packed, err := anypb.New(found)
		if err != nil {
			return nil, err
		}
		resp.Resources = append(resp.Resources, packed)
	}
	return resp, nil
}

func (s *secrets) find(name string) (*tlsv3.Secret, error) {
	switch name {
	case "default":
		pair := &tlsv3.TlsCertificate{CertificateChain: s.file("default.crt"), PrivateKey: s.file("default.key")}
		return &tlsv3.Secret{Name: name, Type: &tlsv3.Secret_TlsCertificate{TlsCertificate: pair}}, nil
	case "ROOTCA":
		return s.roots(name, "root.crt"), nil
	case "file-root:system":
		return s.roots(name, "system.crt"), nil
	}
	return nil, fmt.Errorf("only default, ROOTCA and file-root:system are served")
}

func (s *secrets) roots(name, file string) *tlsv3.Secret {
	trusted := &tlsv3.CertificateValidationContext{TrustedCa: s.file(file)}
	return &tlsv3.Secret{Name: name, Type: &tlsv3.Secret_ValidationContext{ValidationContext: trusted}}
}

func (s *secrets) file(name string) *corev3.DataSource {
	return &corev3.DataSource{Specifier: &corev3.DataSource_Filename{Filename: filepath.Join(s.dir, name)}}
}
