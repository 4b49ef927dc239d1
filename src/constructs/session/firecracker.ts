import type { k8s } from 'cdk8s-plus-28';
import { vmCpuLimitOf, vmMemoryLimitOf, vmMemoryRequestOf } from './template-functions';
import { entry, equals, not, orElse, quantities, spread, text, when } from '@dozlab/charts';
import { containerImage, tcpProbe } from './container';
import type { SessionView } from './metadata';
import { mounts, nodeDiskSpace, ROOTFS_PATH } from './volumes';

const isNamed = (resource: string) => not(equals(resource, ''));

export function firecrackerContainer(view: SessionView): k8s.Container {
  const { vm, devices, resources, memoryRequestPercent } = view.firecracker;
  return {
    name: 'firecracker-vm',
    ...containerImage(view, view.firecracker),
    env: [
      { name: 'SESSION_ID', value: view.session.id },
      { name: 'ROOTFS_PATH', value: ROOTFS_PATH },
      { name: 'KERNEL_PATH', value: '/find/vmlinux.bin' },
      { name: 'CPU_COUNT', value: text(vm.cpuCount) },
      { name: 'MEMORY', value: text(vm.memory) },
      { name: 'GATEWAY_IP', value: view.network.gatewayIp },
      { name: 'VM_IP', value: view.network.vmIp },
      { name: 'TAP_DEVICE_NAME', value: view.network.tapDevice },
      ...spread(view.firecracker.extraEnv),
    ],
    ports: [{ name: 'vm-ssh', containerPort: 22 }],
    resources: {
      limits: quantities(resources.limits, {
        cpu: orElse(entry(resources.limits, 'cpu'), vmCpuLimitOf(vm.cpuCount)),
        memory: orElse(entry(resources.limits, 'memory'), vmMemoryLimitOf(vm.memory)),
        ...when.entries(isNamed(devices.kvm), { [devices.kvm]: '1' }),
        ...when.entries(isNamed(devices.tun), { [devices.tun]: '1' }),
      }),
      requests: quantities(resources.requests, {
        memory: orElse(
          entry(resources.requests, 'memory'),
          vmMemoryRequestOf(vm.memory, memoryRequestPercent, entry(resources.limits, 'memory')),
        ),
        'ephemeral-storage': orElse(
          entry(resources.requests, 'ephemeral-storage'),
          nodeDiskSpace(view, 'kernels', 'vmData'),
        ),
      }),
    },
    securityContext: { capabilities: { add: ['NET_ADMIN', 'SYS_ADMIN', 'SYS_RESOURCE'] } },
    volumeMounts: [mounts.kernels, mounts.vmData, { ...mounts.sharedConfig, readOnly: true }],
    livenessProbe: tcpProbe('vm-ssh', view.firecracker.livenessProbe),
    readinessProbe: tcpProbe('vm-ssh', view.firecracker.readinessProbe),
  };
}

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
