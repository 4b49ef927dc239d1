// firecracker stands in for the program of that name: it starts QEMU's emulation with the machine that a configuration file of Firecracker
// describes, and does the one action of its API that the image uses. So what starts it is the same on machines without KVM.
//
// Usage: firecracker --api-sock PATH --config-file PATH
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

type config struct {
	BootSource struct {
		Kernel string `json:"kernel_image_path"`
		Args   string `json:"boot_args"`
	} `json:"boot-source"`
	Drives []struct {
		Path     string `json:"path_on_host"`
		ReadOnly bool   `json:"is_read_only"`
	} `json:"drives"`
	Machine struct {
		CPUs   int `json:"vcpu_count"`
		Memory int `json:"mem_size_mib"`
	} `json:"machine-config"`
	Networks []struct {
		Device string `json:"host_dev_name"`
		MAC    string `json:"guest_mac"`
	} `json:"network-interfaces"`
}

// The modules that Debian's kernel lacks inside.
const initrd = "/find/initrd"

// The socket by which QEMU is told to power down.
var monitor string

func main() {
	log.SetFlags(0)
	socket := flag.String("api-sock", "", "path of the API's socket")
	file := flag.String("config-file", "", "path of the configuration")
	flag.Parse()
	// The root file system may be read-only.
	monitor = filepath.Join(filepath.Dir(*socket), "qmp.sock")
	text, err := os.ReadFile(*file)
	check(err)
	var machine config
	check(json.Unmarshal(text, &machine))
	os.Remove(monitor)
	qemu := exec.Command("qemu-system-x86_64", arguments(machine)...)
	qemu.Stdout, qemu.Stderr = os.Stdout, os.Stderr
	check(qemu.Start())
	go serve(*socket)
	err = qemu.Wait()
	os.Remove(*socket)
	check(err)
}

func arguments(c config) []string {
	// Firecracker's machine has no PCI; this one has.
	line := strings.ReplaceAll(c.BootSource.Args, "pci=off", "")
	args := []string{"-M", "q35", "-accel", "tcg", "-cpu", "max", "-smp", fmt.Sprint(c.Machine.CPUs), "-m", fmt.Sprint(c.Machine.Memory),
		"-nodefaults", "-no-user-config", "-display", "none", "-serial", "stdio", "-no-reboot",
		"-qmp", "unix:" + monitor + ",server,nowait",
		"-kernel", c.BootSource.Kernel, "-initrd", initrd, "-append", line + " random.trust_cpu=on quiet"}
	for i, drive := range c.Drives {
		args = append(args, "-drive", fmt.Sprintf("id=disk%d,file=%s,format=raw,if=none,readonly=%s", i, drive.Path, onOff(drive.ReadOnly)),
			"-device", fmt.Sprintf("virtio-blk-pci,drive=disk%d", i))
	}
	for i, network := range c.Networks {
		args = append(args, "-netdev", fmt.Sprintf("tap,id=net%d,ifname=%s,script=no,downscript=no", i, network.Device),
			"-device", fmt.Sprintf("virtio-net-pci,netdev=net%d,mac=%s,romfile=", i, network.MAC))
	}
	return args
}

// serve answers PUT /actions with SendCtrlAltDel.
func serve(socket string) {
	os.Remove(socket)
	listener, err := net.Listen("unix", socket)
	check(err)
	http.HandleFunc("PUT /actions", func(w http.ResponseWriter, r *http.Request) {
		var action struct {
			Type string `json:"action_type"`
		}
		if json.NewDecoder(r.Body).Decode(&action) != nil || action.Type != "SendCtrlAltDel" {
			http.Error(w, `{"fault_message":"no such action"}`, http.StatusBadRequest)
			return
		}
		if err := press(); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	log.Fatal(http.Serve(listener, nil))
}

// press presses Ctrl, Alt and Delete in the guest.
func press() error {
	connection, err := net.Dial("unix", monitor)
	if err != nil {
		return err
	}
	defer connection.Close()
	answers := json.NewDecoder(connection)
	var greeting any
	if err := answers.Decode(&greeting); err != nil {
		return err
	}
	for _, command := range []string{
		`{"execute":"qmp_capabilities"}`,
		`{"execute":"human-monitor-command","arguments":{"command-line":"sendkey ctrl-alt-delete"}}`,
	} {
		if _, err := io.WriteString(connection, command); err != nil {
			return err
		}
		var answer map[string]any
		if err := answers.Decode(&answer); err != nil {
			return err
		}
		if answer["error"] != nil {
			return fmt.Errorf("%v", answer["error"])
		}
	}
	return nil
}

func onOff(value bool) string {
	if value {
		return "on"
	}
	return "off"
}

func check(err error) {
	if err != nil {
		log.Fatal("firecracker (stand-in): ", err)
	}
}
