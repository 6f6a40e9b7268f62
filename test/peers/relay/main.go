// Command relay connects the tests' data plane to a running istiod, over its plaintext xDS port.
//
//	relay proxy -istiod ADDRESS -namespace NS -name GATEWAY -ip POD-IP -certs DIR -socket FILE
//
// serves an Envoy on a Unix socket as the pod of that waypoint: what istiod sends is passed on, pushes too, without what
// only Istio's own build of Envoy knows (plain.go); the mesh's certificates are files in DIR (secrets.go).
//
//	relay addresses -istiod ADDRESS -file FILE
//
// asks for istio.workload.Address as ztunnel does, and keeps all addresses in FILE as JSON.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

func main() {
	log.SetFlags(log.Ltime)
	if len(os.Args) < 2 {
		usage()
	}
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	istiod := flags.String("istiod", "", "`address` of istiod's plaintext xDS port")
	var err error
	switch os.Args[1] {
	case "proxy":
		p := proxy{}
		flags.StringVar(&p.namespace, "namespace", "", "of the waypoint")
		flags.StringVar(&p.name, "name", "", "of the waypoint's Gateway")
		flags.StringVar(&p.ip, "ip", "", "of the waypoint's pod")
		flags.StringVar(&p.certs, "certs", "", "`folder` with default.crt, default.key, root.crt, system.crt")
		socket := flags.String("socket", "", "Unix socket to listen on")
		flags.Parse(os.Args[2:])
		err = serve(p, dial(*istiod), *socket)
	case "addresses":
		file := flags.String("file", "", "to write to")
		flags.Parse(os.Args[2:])
		err = followAddresses(dial(*istiod), *file)
	default:
		usage()
	}
	log.Fatal(err)
}

func usage() {
	fmt.Fprintln(os.Stderr, "usage: relay proxy|addresses -help")
	os.Exit(2)
}

func dial(istiod string) *grpc.ClientConn {
	conn, err := grpc.NewClient(istiod,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(1<<28)))
	if err != nil {
		log.Fatal(err)
	}
	return conn
}
