package main

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	metadatafake "k8s.io/client-go/metadata/fake"
	clienttesting "k8s.io/client-go/testing"

	"istio.io/istio/pkg/config/schema/gvr"
	"istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/kube/kclient/clienttest"
	"istio.io/istio/pkg/test"
)

// bundleVersion is what the CRDs of the Gateway API that go.mod names say of
// themselves. Istio ignores kinds whose CRD is older, or says nothing.
const bundleVersion = "v1.6.0"

// installGatewayAPI makes Istio believe that the CRDs of the Gateway API are
// there. The fake cluster makes some of them itself, later and without a
// version, so each is given one as it is written.
func installGatewayAPI(t test.Failer) func(kube.Client) {
	return func(client kube.Client) {
		metadata, ok := client.Metadata().(*metadatafake.FakeMetadataClient)
		if !ok {
			t.Fatal("the cluster is not a fake one")
			return
		}
		metadata.PrependReactor("*", gvr.CustomResourceDefinition.Resource, func(action clienttesting.Action) (bool, runtime.Object, error) {
			if written, ok := action.(interface{ GetObject() runtime.Object }); ok {
				if crd, ok := written.GetObject().(*metav1.PartialObjectMetadata); ok {
					crd.Annotations = map[string]string{"gateway.networking.k8s.io/bundle-version": bundleVersion}
				}
			}
			return false, nil, nil
		})
		clienttest.MakeCRD(t, client, gvr.BackendTLSPolicy)
	}
}
