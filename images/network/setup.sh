#!/bin/sh
# Writes the addresses of the microVM's link for the other containers. The file gets its name last: no reader sees half of it.
set -eu
printf 'GATEWAY_IP=%s\nVM_IP=%s\nPOD_IP=%s\nTAP_DEVICE=%s\n' "$GATEWAY_IP" "$VM_IP" "$POD_IP" "$TAP_DEVICE" > /shared/.network-config
mv /shared/.network-config /shared/network-config
