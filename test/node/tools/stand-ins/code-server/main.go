// code-server stands in for the editor of that name: the same command line, health path, login and user. It serves the files of the folder that
// it is started with to whoever has logged in, for reading (GET) and writing (PUT).
package main

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const cookie = "code-server-session"

func main() {
	address := flag.String("bind-addr", "127.0.0.1:8080", "host and port")
	auth := flag.String("auth", "password", "password or none")
	flag.Bool("disable-telemetry", false, "has no effect")
	flag.Bool("disable-update-check", false, "has no effect")
	flag.Parse()
	password := os.Getenv("PASSWORD")
	if *auth == "password" && password == "" {
		log.Fatal("PASSWORD is not set")
	}
	root, err := os.OpenRoot(flag.Arg(0))
	if err != nil {
		log.Fatal(err)
	}
	token := make([]byte, 16)
	rand.Read(token)
	session := hex.EncodeToString(token)

	loggedIn := func(handle http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			given, err := r.Cookie(cookie)
			if *auth == "password" && (err != nil || !equal(given.Value, session)) {
				http.Redirect(w, r, "./login", http.StatusFound)
				return
			}
			handle(w, r)
		}
	}
	http.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"status":"alive","lastHeartbeat":%d}`, time.Now().UnixMilli())
	})
	http.HandleFunc("GET /login", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "Please log in") })
	http.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) {
		if !equal(r.FormValue("password"), password) {
			io.WriteString(w, "Incorrect password")
			return
		}
		http.SetCookie(w, &http.Cookie{Name: cookie, Value: session, HttpOnly: true})
		http.Redirect(w, r, "./", http.StatusFound)
	})
	http.HandleFunc("GET /{$}", loggedIn(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "editor of "+flag.Arg(0)) }))
	http.HandleFunc("GET /files/{path...}", loggedIn(func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, root.FS(), r.PathValue("path"))
	}))
	http.HandleFunc("PUT /files/{path...}", loggedIn(func(w http.ResponseWriter, r *http.Request) {
		if err := write(root, r.PathValue("path"), r.Body); err != nil {
			status := http.StatusInternalServerError
			if errors.Is(err, fs.ErrPermission) || strings.Contains(err.Error(), "read-only") {
				status = http.StatusForbidden
			}
			http.Error(w, err.Error(), status)
		}
	}))
	log.Fatal(http.ListenAndServe(*address, nil))
}

func write(root *os.Root, path string, from io.Reader) error {
	if err := root.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	file, err := root.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(file, from)
	return err
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
