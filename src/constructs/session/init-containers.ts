import type { k8s } from 'cdk8s-plus-28';
import { quantities, spread } from '@dozlab/charts';
import { containerImage } from './container';
import type { SessionView } from './metadata';
import { mounts, ROOTFS_PATH } from './volumes';

export const rootfsContainer = (view: SessionView): k8s.Container => ({
  name: 'init-rootfs',
  ...containerImage(view, view.initContainers.rootfs),
  env: [
    { name: 'IMAGE_DOWNLOAD_URL', value: view.rootfs.imageUrl },
    { name: 'IMAGE_SIZE', value: view.rootfs.diskSize },
    { name: 'IMAGE_PATH', value: ROOTFS_PATH },
    ...spread(view.initContainers.rootfs.extraEnv),
  ],
  resources: {
    limits: quantities(view.initContainers.rootfs.resources.limits),
    requests: quantities(view.initContainers.rootfs.resources.requests),
  },
  volumeMounts: [mounts.kernels],
});

/** Values are environment variables, never program text. The file gets its name last: no reader sees half of it. */
const WRITE_NETWORK_CONFIG = [
  'set -eu',
  `printf 'GATEWAY_IP=%s\\nVM_IP=%s\\nPOD_IP=%s\\nTAP_DEVICE=%s\\n' "$GATEWAY_IP" "$VM_IP" "$POD_IP" "$TAP_DEVICE" > /shared/.network-config`,
  'mv /shared/.network-config /shared/network-config',
].join('\n');

export const networkContainer = (view: SessionView): k8s.Container => ({
  name: 'network-setup',
  ...containerImage(view, view.initContainers.network),
  command: ['/bin/sh', '-c', WRITE_NETWORK_CONFIG],
  env: [
    { name: 'GATEWAY_IP', value: view.network.gatewayIp },
    { name: 'VM_IP', value: view.network.vmIp },
    { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    { name: 'TAP_DEVICE', value: view.network.tapDevice },
    ...spread(view.initContainers.network.extraEnv),
  ],
  resources: {
    limits: quantities(view.initContainers.network.resources.limits),
    requests: quantities(view.initContainers.network.resources.requests),
  },
  volumeMounts: [mounts.sharedConfig],
});
