package main

import (
	"log"
	"strings"
	"sync"

	listenerv3 "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/known/anypb"

	_ "istio.io/istio/pilot/pkg/xds" // registers every message that istiod sends
)

// plain gives the resource as an Envoy without Istio's own filters takes it, at the address of its pod: several waypoints
// share one network here, where each would have its own.
func plain(resource *anypb.Any, ip string) *anypb.Any {
	message, err := resource.UnmarshalNew()
	if err != nil {
		log.Printf("%s is passed on as it is: %v", resource.TypeUrl, err)
		return resource
	}
	changed := strip(message.ProtoReflect())
	if listener, ok := message.(*listenerv3.Listener); ok {
		if socket := listener.GetAddress().GetSocketAddress(); socket.GetAddress() == "0.0.0.0" {
			socket.Address = ip
			listener.AdditionalAddresses = nil
			changed = true
		}
	}
	if !changed {
		return resource
	}
	return pack(message)
}

func pack(message proto.Message) *anypb.Any {
	packed, err := anypb.New(message)
	if err != nil {
		log.Fatal(err)
	}
	return packed
}

// isKnown: an extension's configuration that a plain Envoy has.
func isKnown(url string) bool {
	name := strings.TrimPrefix(url, "type.googleapis.com/")
	for _, prefix := range []string{"envoy.", "udpa.", "xds.", "google."} {
		if strings.HasPrefix(name, prefix) {
			return !strings.Contains(name, "metadataexchange")
		}
	}
	return false
}

// strip removes in place what a plain Envoy does not know, and says whether it removed something.
func strip(m protoreflect.Message) bool {
	if packed, ok := m.Interface().(*anypb.Any); ok {
		return stripPacked(packed)
	}
	changed := false
	m.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		changed = stripField(m, field, value) || changed
		return true
	})
	return changed
}

func stripPacked(packed *anypb.Any) bool {
	if _, err := protoregistry.GlobalTypes.FindMessageByURL(packed.TypeUrl); err != nil {
		return false
	}
	inner, err := packed.UnmarshalNew()
	if err != nil || !strip(inner.ProtoReflect()) {
		return false
	}
	proto.Reset(packed)
	proto.Merge(packed, pack(inner))
	return true
}

func stripField(m protoreflect.Message, field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
	switch {
	case field.IsMap():
		return field.MapValue().Kind() == protoreflect.MessageKind && stripMap(value.Map())
	case field.Kind() == protoreflect.MessageKind && field.IsList():
		return stripList(value.List())
	case field.Kind() == protoreflect.MessageKind:
		return strip(value.Message())
	case field.Kind() == protoreflect.StringKind && field.Name() == "factory_key" && strings.HasPrefix(value.String(), "istio."):
		leftOut("object factory " + value.String() + " (Envoy's own is used)")
		m.Set(field, protoreflect.ValueOfString("envoy.hashable_string"))
		return true
	}
	return false
}

func stripMap(values protoreflect.Map) bool {
	changed := false
	values.Range(func(_ protoreflect.MapKey, value protoreflect.Value) bool {
		changed = strip(value.Message()) || changed
		return true
	})
	return changed
}

func stripList(list protoreflect.List) bool {
	changed, keep := false, 0
	for i := range list.Len() {
		item := list.Get(i).Message()
		if url := configOf(item); url != "" && !isKnown(url) {
			leftOut(string(item.Descriptor().Name()) + " " + item.Get(item.Descriptor().Fields().ByName("name")).String() + ": " + url)
			changed = true
			continue
		}
		changed = strip(item) || changed
		list.Set(keep, list.Get(i))
		keep++
	}
	list.Truncate(keep)
	return changed
}

// configOf gives the type of a filter's configuration, "" where the message is not an extension.
func configOf(m protoreflect.Message) string {
	field := m.Descriptor().Fields().ByName("typed_config")
	if field == nil || field.Message() == nil || field.Message().FullName() != "google.protobuf.Any" || !m.Has(field) {
		return ""
	}
	config, ok := m.Get(field).Message().Interface().(*anypb.Any)
	if !ok {
		return ""
	}
	// Istio wraps a configuration whose type go-control-plane does not have.
	if !strings.HasSuffix(config.TypeUrl, "/udpa.type.v1.TypedStruct") {
		return config.TypeUrl
	}
	inner, err := config.UnmarshalNew()
	if err != nil {
		return config.TypeUrl
	}
	return inner.ProtoReflect().Get(inner.ProtoReflect().Descriptor().Fields().ByName("type_url")).String()
}

var said sync.Map

func leftOut(what string) {
	if _, again := said.LoadOrStore(what, true); !again {
		log.Print("left out: ", what)
	}
}
