# Sourced by run.sh: the tap device of the microVM, its way out, and port 22 of the pod.
# shellcheck shell=sh disable=SC2154

# A tap outlives its container, because the network belongs to the pod.
make_tap() {
  if ! ip link show dev "$tap" > /dev/null 2>&1; then
    if ! answer=$(ip tuntap add dev "$tap" mode tap 2>&1); then
      case $answer in
        open:*) fail 22 no-tun "$TUN cannot be opened. Fix: the device plugin of firecracker.devices.tun" ;;
        *'not permitted'*) fail 23 no-net-admin "the tap device $tap cannot be made. Fix: capability NET_ADMIN in the securityContext of firecracker-vm" ;;
        *) fail 24 network-failed "the tap device $tap cannot be made: $(one_line "$answer"). Fix: see the text" ;;
      esac
    fi
  fi
  for change in "address replace $gateway/$prefix dev $tap" "link set dev $tap up"; do
    # shellcheck disable=SC2086
    if ! answer=$(ip $change 2>&1); then
      case $answer in
        *'not permitted'*) fail 23 no-net-admin "the address $gateway cannot be set on $tap. Fix: capability NET_ADMIN in the securityContext of firecracker-vm" ;;
        *) fail 24 network-failed "ip $change: $(one_line "$answer"). Fix: see the text" ;;
      esac
    fi
  done
}

# Prints the first iptables that this kernel serves.
find_iptables() {
  for name in iptables iptables-legacy; do
    if "$name" -w -t nat -S POSTROUTING > /dev/null 2>&1; then
      echo "$name"
      return 0
    fi
  done
  return 1
}

# rule TABLE CHAIN REST…: adds a rule unless a former container did
rule() {
  table=$1 chain=$2
  shift 2
  "$iptables" -w -t "$table" -C "$chain" "$@" 2> /dev/null || "$iptables" -w -t "$table" -A "$chain" "$@"
}

can_forward() {
  [ "$(cat "$FORWARD" 2> /dev/null)" = 1 ] || { echo 1 > "$FORWARD"; } 2> /dev/null
}

# Lets the VM out under the pod's address, so the pod's network policy holds for it, and no packet with another sender's address.
# Port 22 of the pod is the VM's: a probe of it sees the VM. Gives 1 where the kernel cannot do it.
route() {
  if ! iptables=$(find_iptables); then
    say 'warning: iptables does not work here, so the VM has no way out of the pod. Fix: load nf_tables and nf_nat on the node'
    return 1
  fi
  if ! can_forward; then
    say 'warning: net.ipv4.ip_forward is 0 and read-only, so the VM has no way out of the pod. Fix: set it on the node'
    return 1
  fi
  if rule filter FORWARD -i "$tap" ! -s "$vm/32" -j DROP &&
    rule filter FORWARD -i "$tap" -j ACCEPT &&
    rule filter FORWARD -o "$tap" -j ACCEPT &&
    rule nat POSTROUTING -s "$vm/32" ! -o "$tap" -j MASQUERADE &&
    rule nat PREROUTING ! -i "$tap" -p tcp --dport 22 -j DNAT --to-destination "$vm:22"; then
    return 0
  fi
  say 'warning: iptables refuses a rule, so the VM may have no way out of the pod. Fix: load nf_nat and xt_MASQUERADE on the node'
  return 1
}

vm_answers() { socat -u OPEN:/dev/null "TCP:$vm:22,connect-timeout=2" 2> /dev/null; }

# In place of DNAT. It listens only while the VM answers, because probes and clients ask the pod's port.
relay() {
  listener=
  trap 'if [ -n "$listener" ]; then kill "$listener"; fi; exit 0' TERM
  while :; do
    if vm_answers; then
      if [ -z "$listener" ] || ! kill -0 "$listener" 2> /dev/null; then
        socat TCP-LISTEN:22,fork,reuseaddr "TCP:$vm:22,connect-timeout=5" &
        listener=$!
      fi
    elif [ -n "$listener" ]; then
      kill "$listener" 2> /dev/null || true
      listener=
    fi
    # Every look is a line in the log of the VM's SSH server.
    if [ -n "$listener" ]; then sleep 5 & else sleep 1 & fi
    wait $!
  done
}
