// Argo CD in one process: its application controller, its repo server, and a Redis in memory in place of a server.
// Usage: controller NAMESPACE REDIS-PORT REPO-SERVER-PORT REPO-SERVER-METRICS-PORT CONTROLLER-METRICS-PORT
// $KUBECONFIG names the cluster.
package main

import (
	"log"
	"net"
	"os"

	"github.com/alicebob/miniredis/v2"
	controller "github.com/argoproj/argo-cd/v3/cmd/argocd-application-controller/commands"
	server "github.com/argoproj/argo-cd/v3/cmd/argocd-repo-server/commands"
	"github.com/spf13/cobra"
)

func main() {
	if len(os.Args) != 6 {
		log.Fatal("usage: controller NAMESPACE REDIS-PORT REPO-SERVER-PORT REPO-SERVER-METRICS-PORT CONTROLLER-METRICS-PORT")
	}
	redis := address(os.Args[2])
	if err := miniredis.NewMiniRedis().StartAddr(redis); err != nil {
		log.Fatal(err)
	}
	go run(server.NewCommand(), "--redis", redis, "--disable-tls",
		"--address", "127.0.0.1", "--port", os.Args[3],
		"--metrics-address", "127.0.0.1", "--metrics-port", os.Args[4])
	run(controller.NewCommand(), "--redis", redis, "--repo-server-plaintext",
		"--repo-server", address(os.Args[3]), "--metrics-port", os.Args[5],
		"--kubeconfig", os.Getenv("KUBECONFIG"), "--namespace", os.Args[1])
}

func address(port string) string { return net.JoinHostPort("127.0.0.1", port) }

func run(command *cobra.Command, arguments ...string) {
	command.SetArgs(arguments)
	if err := command.Execute(); err != nil {
		log.Fatal(err)
	}
}
