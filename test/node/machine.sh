#!/usr/bin/env bash
# Process 1 of a machine in namespaces of its own: prepares mounts, kernel settings and a bridge, then waits. When it ends, all in it ends.
# Usage: machine.sh FOLDER    In FOLDER it writes init.pid, its process id as others see it, and the empty file ready.
set -euo pipefail
folder=$1
read -r pid _ < /proc/self/stat # of the /proc that it was started with
echo "$pid" > "$folder/init.pid"
mount --make-rprivate /
mount -t proc proc /proc
# /sys of the new network namespace, with the cgroups of the old one
mkdir -p "$folder"/mnt/{cgroup,proc,sysctl}
mount --rbind /sys/fs/cgroup "$folder/mnt/cgroup"
mount -t sysfs sysfs /sys
mount --rbind "$folder/mnt/cgroup" /sys/fs/cgroup
umount -l "$folder/mnt/cgroup"
mount -t tmpfs tmpfs /run; mkdir -p /run/{lock,netns}
for path in /var/lib/kubelet /var/log/pods /var/log/containers; do
  mkdir -p "$path" "$folder$path"; mount --bind "$folder$path" "$path"
done
# The kubelet insists on these values: private files over them leave those of the shared kernel as they are.
for setting in kernel.panic=10 kernel.panic_on_oops=1 vm.overcommit_memory=1; do
  name=${setting%=*}; echo "${setting#*=}" > "$folder/mnt/sysctl/$name"; mount --bind "$folder/mnt/sysctl/$name" "/proc/sys/${name/.//}"
done
# With files over it /proc is obscured, and the kernel refuses to mount proc in user namespaces (hostUsers: false) unless a clean one exists.
mount -t proc proc "$folder/mnt/proc"
mount --make-rshared /
hostname node-a
ip link set lo up
ip link add node0 type bridge; ip address add 10.77.0.1/24 dev node0; ip link set node0 up
ip link add node0a type veth peer name node0b; ip link set node0a master node0 up; ip link set node0b up # gives the bridge carrier
ip route add default via 10.77.0.254 # leads nowhere, but programs look for a default route
ip address add 203.0.113.1/24 dev node0 # plays the internet
for address in 100.64.0.1 169.254.169.254 172.20.0.1 192.168.77.1; do ip address add "$address/32" dev node0; done # ranges that sessions may not reach
sysctl -qw net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=1
touch "$folder/ready"
trap 'exit 0' TERM
while :; do sleep 3600 & wait $! || true; done
