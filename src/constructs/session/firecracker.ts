import type { k8s } from 'cdk8s-plus-28';
import { vmCpuLimitOf, vmMemoryLimitOf, vmMemoryRequestOf } from '../../api/values/quantity-functions';
import { STARTUP_SECONDS } from '../../api/values/containers';
import { entry, equals, isEmpty, not, orElse, present, spread, text, when } from '@dozlab/charts';
import { containerImage, containerResources, UNPRIVILEGED } from './container';
import type { SessionView } from './metadata';
import { probe, startupProbe, tcpSocket } from './probes';
import { mounts, NO_DISK, nodeDiskSpace, ROOTFS_PATH, sizeOf } from './volumes';

const isNamed = (resource: string) => not(equals(resource, ''));

export function firecrackerContainer(view: SessionView): k8s.Container {
  const { vm, devices, capabilities, resources, memoryRequestPercent, livenessProbe } = view.firecracker;
  const ssh = tcpSocket('vm-ssh');
  const disk = nodeDiskSpace(view, 'kernels', 'vmData');
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
    resources: containerResources(resources, disk, disk, {
      limits: {
        cpu: orElse(entry(resources.limits, 'cpu'), vmCpuLimitOf(vm.cpuCount)),
        memory: orElse(entry(resources.limits, 'memory'), vmMemoryLimitOf(vm.memory)),
        ...when.entries(isNamed(devices.kvm), { [devices.kvm]: '1' }),
        ...when.entries(isNamed(devices.tun), { [devices.tun]: '1' }),
      },
      requests: {
        memory: orElse(
          entry(resources.requests, 'memory'),
          vmMemoryRequestOf(vm.memory, memoryRequestPercent, entry(resources.limits, 'memory')),
        ),
      },
    }),
    securityContext: when(not(isEmpty(capabilities)), { capabilities: { add: spread(capabilities) } }),
    volumeMounts: [mounts.kernels, mounts.vmData, { ...mounts.sharedConfig, readOnly: true }],
    startupProbe: startupProbe(ssh, view.firecracker.startupProbe, livenessProbe, STARTUP_SECONDS.firecracker),
    livenessProbe: probe(ssh, livenessProbe),
    readinessProbe: probe(ssh, view.firecracker.readinessProbe),
  };
}

export const rootfsContainer = (view: SessionView): k8s.Container => ({
  name: 'init-rootfs',
  ...containerImage(view, view.initContainers.rootfs),
  env: [
    { name: 'IMAGE_DOWNLOAD_URL', value: view.rootfs.imageUrl },
    { name: 'IMAGE_SIZE', value: view.rootfs.diskSize },
    { name: 'IMAGE_PATH', value: ROOTFS_PATH },
    ...when.item(not(equals(orElse(view.rootfs.sha256, ''), '')), () => ({
      name: 'IMAGE_SHA256',
      value: present(view.rootfs.sha256),
    })),
    ...spread(view.initContainers.rootfs.extraEnv),
  ],
  resources: containerResources(view.initContainers.rootfs.resources, NO_DISK, sizeOf(view, 'kernels')),
  securityContext: UNPRIVILEGED,
  volumeMounts: [mounts.kernels],
});

/** Values are environment variables, never program text. The file gets its name last: no reader sees half of it. */
const WRITE_NETWORK_CONFIG = [
  'set -eu',
  `printf 'GATEWAY_IP=%s\\nVM_IP=%s\\nPOD_IP=%s\\nTAP_DEVICE=%s\\n' "$GATEWAY_IP" "$VM_IP" "$POD_IP" "$TAP_DEVICE" > /shared/.network-config`,
  'mv /shared/.network-config /shared/network-config',
].join('\n');

/** The API server fills it in, and fieldRef is applied as a whole: without it, two who apply one manifest are in conflict. */
const FIELD_API = { apiVersion: 'v1' };

export const networkContainer = (view: SessionView): k8s.Container => ({
  name: 'network-setup',
  ...containerImage(view, view.initContainers.network),
  command: ['/bin/sh', '-c', WRITE_NETWORK_CONFIG],
  env: [
    { name: 'GATEWAY_IP', value: view.network.gatewayIp },
    { name: 'VM_IP', value: view.network.vmIp },
    { name: 'POD_IP', valueFrom: { fieldRef: { ...FIELD_API, fieldPath: 'status.podIP' } } },
    { name: 'TAP_DEVICE', value: view.network.tapDevice },
    ...spread(view.initContainers.network.extraEnv),
  ],
  resources: containerResources(view.initContainers.network.resources, NO_DISK),
  securityContext: { runAsNonRoot: true, runAsUser: 1000, readOnlyRootFilesystem: true, ...UNPRIVILEGED },
  volumeMounts: [mounts.sharedConfig],
});
