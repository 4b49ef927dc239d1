// The controller of Sealed Secrets with the credentials that KUBECONFIG names: its own main takes only those of a pod.
// Usage: controller [--key-size=BITS] [--listen-addr=ADDRESS] [--listen-metrics-addr=ADDRESS]; $POD_NAMESPACE is where its keys are.
package main

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"os"
	"reflect"
	"time"
	_ "unsafe" // for linkname: the parts of the controller are not exported

	"github.com/bitnami-labs/sealed-secrets/pkg/client/clientset/versioned"
	sealed "github.com/bitnami-labs/sealed-secrets/pkg/client/informers/externalversions"
	"github.com/bitnami-labs/sealed-secrets/pkg/controller"
	flag "github.com/spf13/pflag"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

const keyPrefix = "sealed-secrets-key"

//go:linkname initKeyRegistry github.com/bitnami-labs/sealed-secrets/pkg/controller.initKeyRegistry
func initKeyRegistry(ctx context.Context, client kubernetes.Interface, random io.Reader, namespace, prefix, label string, keySize int) (*controller.KeyRegistry, error)

//go:linkname initKeyRenewal github.com/bitnami-labs/sealed-secrets/pkg/controller.initKeyRenewal
func initKeyRenewal(ctx context.Context, registry *controller.KeyRegistry, period, validFor time.Duration, cutoff time.Time, commonName, annotations, labels string) (func(), error)

//go:linkname httpserver github.com/bitnami-labs/sealed-secrets/pkg/controller.httpserver
func httpserver(certificates func() ([]*x509.Certificate, error), check func([]byte) (bool, error), rotate func([]byte) ([]byte, error), burst, rate int) *http.Server

//go:linkname httpserverMetrics github.com/bitnami-labs/sealed-secrets/pkg/controller.httpserverMetrics
func httpserverMetrics() *http.Server

//go:linkname getCert github.com/bitnami-labs/sealed-secrets/pkg/controller.(*KeyRegistry).getCert
func getCert(registry *controller.KeyRegistry) (*x509.Certificate, error)

func main() {
	keySize := flag.Int("key-size", 4096, "Size of the key in bits.")
	flag.Parse()
	if err := run(*keySize); err != nil {
		log.Fatal(err)
	}
}

func run(keySize int) error {
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	sealedClient, err := versioned.NewForConfig(config)
	if err != nil {
		return err
	}

	ctx := context.Background()
	registry, err := initKeyRegistry(ctx, client, rand.Reader, os.Getenv("POD_NAMESPACE"), keyPrefix, controller.SealedSecretsKeyLabel, keySize)
	if err != nil {
		return err
	}
	// One key, for ten years: it is never renewed.
	if _, err := initKeyRenewal(ctx, registry, 0, 10*365*24*time.Hour, time.Time{}, "", "", ""); err != nil {
		return err
	}
	loop, err := controller.NewController(client, sealedClient, sealed.NewSharedInformerFactory(sealedClient, 0), informers.NewSharedInformerFactory(client, 0), registry)
	if err != nil {
		return err
	}
	updateStatus(loop)

	httpserver(func() ([]*x509.Certificate, error) {
		certificate, err := getCert(registry)
		return []*x509.Certificate{certificate}, err
	}, loop.AttemptUnseal, loop.Rotate, 2, 2)
	httpserverMetrics()
	loop.Run(nil)
	return nil
}

// updateStatus sets what --update-status sets by default.
func updateStatus(loop *controller.Controller) {
	field := reflect.ValueOf(loop).Elem().FieldByName("updateStatus")
	reflect.NewAt(field.Type(), field.Addr().UnsafePointer()).Elem().SetBool(true)
}
