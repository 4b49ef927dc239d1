#!/bin/sh
# Runs the microVM of a session: makes its network, writes Firecracker's configuration, starts it, and shuts it down on SIGTERM.
# See README.md for the environment, the messages and the exit statuses.
# shellcheck disable=SC2317
set -eu

# Tests set these.
FORWARD=${FORWARD:-/proc/sys/net/ipv4/ip_forward}
KVM=${KVM:-/dev/kvm}
TUN=${TUN:-/dev/net/tun}
NETWORK_CONFIG=${NETWORK_CONFIG:-/shared/network-config}
RUN_FOLDER=${RUN_FOLDER:-/run/firecracker}
SHARED_MEMORY=${SHARED_MEMORY:-/dev/shm}

say() { printf 'firecracker-vm: %s\n' "$1"; }

one_line() { printf '%s' "$1" | tr '\n' ' '; }

# fail STATUS CODE TEXT: the codes and exit statuses are listed in README.md
fail() {
  printf 'firecracker-vm: %s: %s\n' "$2" "$3" >&2
  log=${TERMINATION_LOG:-/dev/termination-log}
  if [ -w "$log" ]; then printf 'firecracker-vm: %s: %s\n' "$2" "$3" > "$log" || true; fi
  exit "$1"
}

# shellcheck source=images/firecracker/network.sh
. "$(dirname "$0")/network.sh"

# from_file KEY: prints its value in the file of network-setup
from_file() { sed -n "s/^$1=//p" "$NETWORK_CONFIG" 2> /dev/null | head -n 1; }

# whole_number NAME VALUE MOST
whole_number() {
  case $2 in
    '' | 0* | *[!0-9]*) fail 10 invalid-setting "$1 is \"$2\". Fix: a whole number from 1 to $3" ;;
  esac
  if [ "${#2}" -gt 9 ] || [ "$2" -gt "$3" ]; then fail 10 invalid-setting "$1 is $2. Fix: a whole number from 1 to $3"; fi
}

# last_number NAME ADDRESS: prints the last number of an IPv4 address
last_number() {
  if ! printf '%s\n' "$2" | grep -Eqx '((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.|$)){4}' || [ "${2%.}" != "$2" ]; then
    fail 10 invalid-setting "$1 is \"$2\". Fix: an IPv4 address such as 172.16.0.2"
  fi
  echo "${2##*.}"
}

# The configuration is JSON, and the kernel splits its arguments at spaces.
plain() {
  case $2 in
    *[!A-Za-z0-9_./:@%+,=-]*) fail 10 invalid-setting "$1 is \"$(one_line "$2")\". Fix: only letters, digits and _ . / : @ % + , = -" ;;
  esac
}

readable() {
  plain "$1" "$2"
  [ -f "$2" ] || fail "$4" "$3" "$2 ($1) is no file. Fix: $5"
  [ -r "$2" ] || fail "$4" "$3" "$2 ($1) is not readable for user $(id -u). Fix: $5"
}

check_settings() {
  cpus=${CPU_COUNT:-1} memory=${MEMORY:-1024}
  whole_number CPU_COUNT "$cpus" 32
  whole_number MEMORY "$memory" 16777216
  gateway=${GATEWAY_IP:-$(from_file GATEWAY_IP)}
  vm=${VM_IP:-$(from_file VM_IP)}
  tap=${TAP_DEVICE_NAME:-$(from_file TAP_DEVICE)}
  here=$(last_number GATEWAY_IP "$gateway")
  there=$(last_number VM_IP "$vm")
  case $tap in
    '' | *[!A-Za-z0-9_-]* | ????????????????*) fail 10 invalid-setting "TAP_DEVICE_NAME is \"$(one_line "$tap")\". Fix: at most 15 letters, digits, _ and -" ;;
  esac
  if [ "${gateway%.*}" != "${vm%.*}" ] || [ "$here" = "$there" ]; then
    fail 10 invalid-setting "GATEWAY_IP $gateway and VM_IP $vm are not two addresses of a /24. Fix: such as 172.16.0.1 and 172.16.0.2"
  fi
  # The link needs four addresses, of which hosts have the second and the third. The values of the chart may be further apart.
  prefix=30 mask=255.255.255.252
  if [ $((here / 4)) != $((there / 4)) ] || [ $((here % 4 % 3)) = 0 ] || [ $((there % 4 % 3)) = 0 ]; then
    prefix=24 mask=255.255.255.0
    for last in "$here" "$there"; do
      if [ $((last % 255)) = 0 ]; then fail 10 invalid-setting "GATEWAY_IP $gateway or VM_IP $vm ends with $last. Fix: such as 172.16.0.1 and 172.16.0.2"; fi
    done
  fi
  stop_timeout=${STOP_TIMEOUT:-20}
  whole_number STOP_TIMEOUT "$stop_timeout" 3600
  arguments=${KERNEL_ARGS:-}
  case $arguments in
    *[!A-Za-z0-9_./:@%+,=\ -]*) fail 10 invalid-setting 'KERNEL_ARGS has a character that is not plain. Fix: only letters, digits, spaces and _ . / : @ % + , = -' ;;
  esac
}

check_node() {
  rootfs=${ROOTFS_PATH:-/srv/vm/kernels/rootfs.ext4} kernel=${KERNEL_PATH:-/find/vmlinux.bin}
  readable ROOTFS_PATH "$rootfs" no-rootfs 20 'see the log of init-rootfs, which makes it'
  [ -w "$rootfs" ] || fail 20 no-rootfs "$rootfs (ROOTFS_PATH) is not writable for user $(id -u). Fix: run as root, or with the fsGroup of its volume"
  readable KERNEL_PATH "$kernel" no-kernel 21 'use an image with a kernel, or correct KERNEL_PATH'
  if [ ! -r "$KVM" ] || [ ! -w "$KVM" ]; then
    fail 22 no-kvm "$KVM is not there or not usable. Fix: a node with virtualization, and the device plugin of firecracker.devices.kvm"
  fi
  [ -e "$TUN" ] || fail 22 no-tun "$TUN is not there. Fix: the device plugin of firecracker.devices.tun"
}

# mac ADDRESS: the same for every start, so the guest keeps the name of its interface
mac() {
  # shellcheck disable=SC2046,SC2183
  printf '06:00:%02X:%02X:%02X:%02X\n' $(printf '%s' "$1" | tr . ' ')
}

# A read-only root file system leaves the memory that the containers of the pod share: a folder of a new name, which no other container has made.
make_folder() {
  if mkdir -p "$RUN_FOLDER" 2> /dev/null && [ -w "$RUN_FOLDER" ]; then return; fi
  shared=$(mktemp -d "$SHARED_MEMORY/firecracker.XXXXXX" 2> /dev/null) ||
    fail 25 not-writable "neither $RUN_FOLDER nor $SHARED_MEMORY can be written. Fix: mount an emptyDir at $RUN_FOLDER"
  RUN_FOLDER=$shared
  export XTABLES_LOCKFILE="$RUN_FOLDER/xtables.lock"
}

write_configuration() {
  socket=$RUN_FOLDER/api.sock
  rm -f "$socket"
  boot="console=ttyS0 reboot=k panic=1 pci=off ip=$vm::$gateway:$mask::eth0:off root=/dev/vda rw${arguments:+ $arguments}"
  cat > "$RUN_FOLDER/vm.json" << END
{
  "boot-source": { "kernel_image_path": "$kernel", "boot_args": "$boot" },
  "drives": [{ "drive_id": "rootfs", "path_on_host": "$rootfs", "is_root_device": true, "is_read_only": false }],
  "machine-config": { "vcpu_count": $cpus, "mem_size_mib": $memory },
  "network-interfaces": [{ "iface_id": "eth0", "guest_mac": "$(mac "$vm")", "host_dev_name": "$tap" }]
}
END
}

power_down() {
  curl -q --silent --fail --max-time 2 --unix-socket "$socket" -X PUT http://localhost/actions \
    -H 'content-type: application/json' -d '{"action_type":"SendCtrlAltDel"}' > /dev/null 2>&1
}

# Tells the guest to power down, again every 5 s: a kernel that still boots ignores it. Then ends Firecracker.
end_vm() {
  trap 'exit 0' TERM
  left=$stop_timeout
  due=$left
  while [ "$left" -gt 0 ]; do
    if [ "$left" -le "$due" ] && power_down; then due=$((left - 5)); fi
    left=$((left - 1))
    sleep 1
  done
  say "warning: the VM still runs after $stop_timeout s and is ended"
  kill -TERM "$pid"
  sleep 2
  kill -KILL "$pid"
}

stop() {
  if [ -z "$pid" ]; then exit 143; fi
  if [ -n "$ending" ]; then return; fi
  say 'stopping: the guest is told to power down'
  end_vm 2> /dev/null &
  ending=$!
}

relaying='' ending='' pid=''
trap stop TERM INT
umask 077
check_settings
check_node
make_folder
make_tap
if ! route; then
  relay &
  relaying=$!
fi
write_configuration
say "session ${SESSION_ID:-}: $cpus CPUs, $memory MiB, $vm behind $tap"
firecracker --api-sock "$socket" --config-file "$RUN_FOLDER/vm.json" < /dev/null &
pid=$!
# A signal interrupts wait, and then the VM still runs.
status=0
while wait "$pid" && status=0 || status=$?; kill -0 "$pid" 2> /dev/null; do :; done
for helper in $relaying $ending; do kill "$helper" 2> /dev/null || true; done
if [ "$status" = 0 ] || [ -n "$ending" ]; then
  say "the VM ended ($status)"
  exit "$status"
fi
fail "$status" vm-failed "Firecracker ended with $status. Fix: see the lines above"
