package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	meshconfig "istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pkg/config/mesh"
)

// question is one mesh: its manifests in the order of their creation, where
// they carry no creationTimestamp, and what its MeshConfig changes.
type question struct {
	ID         string            `json:"id"`
	Manifests  []json.RawMessage `json:"manifests"`
	MeshConfig string            `json:"meshConfig,omitempty"`
	// Of the proxies, as 1.29.0.
	Version string `json:"version,omitempty"`
	// Pods with a sidecar that are asked about.
	Sidecars []client `json:"sidecars,omitempty"`
	// Proxies whose whole configuration is asked for.
	Proxies []proxyQuestion `json:"proxies,omitempty"`
}

type answer struct {
	ID    string `json:"id"`
	Error string `json:"error,omitempty"`
	report
}

// batch answers each line of the input with a line, in order.
func batch(in io.Reader, out io.Writer, raw bool) error {
	lines := bufio.NewReaderSize(in, 1<<20)
	enc := json.NewEncoder(out)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 1 {
			var q question
			a := answer{}
			if bad := json.Unmarshal(line, &q); bad != nil {
				a.Error = bad.Error()
			} else {
				a = q.answer(raw)
			}
			if err := enc.Encode(a); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (q question) answer(raw bool) answer {
	a := answer{ID: q.ID}
	var settings *meshconfig.MeshConfig
	if q.MeshConfig != "" {
		var err error
		if settings, err = mesh.ApplyMeshConfigDefaults(q.MeshConfig); err != nil {
			a.Error = err.Error()
			return a
		}
	}
	var m manifests
	var problems []problem
	for i, manifest := range q.Manifests {
		name, warning, err := m.add(manifest)
		if err == nil && warning == nil {
			continue
		}
		p := problem{Doc: i, Resource: name, Level: "warning", Message: fmt.Sprint(warning)}
		if err != nil {
			p.Level, p.Message = "error", err.Error()
		}
		problems = append(problems, p)
	}
	out, err := translate(m, circumstances{settings, q.Version, q.Sidecars, q.Proxies, raw})
	if err != nil {
		a.Error = err.Error()
	}
	a.report = out
	a.Problems = problems
	return a
}
