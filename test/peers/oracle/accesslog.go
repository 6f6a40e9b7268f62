package main

import (
	accesslogv3 "github.com/envoyproxy/go-control-plane/envoy/config/accesslog/v3"
	filelogv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/access_loggers/file/v3"
)

// logsOf names what a filter writes its access log to: the path of a file, or
// the kind of the log.
func logsOf(logs []*accesslogv3.AccessLog) []string {
	var out []string
	for _, l := range logs {
		if file, ok := open(l.GetTypedConfig()).(*filelogv3.FileAccessLog); ok {
			out = append(out, file.Path)
		} else {
			out = append(out, l.Name)
		}
	}
	return out
}
