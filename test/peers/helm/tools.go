//go:build tools

// Package helm pins the one program that is built from this module. It has a module of its own, so that its dependencies are not Istio's.
package helm

import _ "helm.sh/helm/v4/cmd/helm"
