// terminal stands in for the web terminal where sessions are many: the same port and the same two health paths. The virtual machine answers when
// a TCP connection to its SSH port succeeds.
package main

import (
	"log"
	"net"
	"net/http"
	"os"
	"time"
)

func main() {
	vm := net.JoinHostPort(os.Getenv("VM_IP"), os.Getenv("VM_SSH_PORT"))
	http.HandleFunc("GET /health", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("GET /ready", func(w http.ResponseWriter, _ *http.Request) {
		connection, err := net.DialTimeout("tcp", vm, 500*time.Millisecond)
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		connection.Close()
	})
	log.Fatal(http.ListenAndServe(":8081", nil))
}
