import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Program } from '../cluster/keeper';
import { program } from '../cluster/servers';
import { certificate } from './certificates';
import { DNS, HOST, NODE, PODS, SERVICES, filesOf, type Place } from './place';

/** Devices that pods may ask for, and their files. */
export const DEVICES: readonly (readonly [resource: string, path: string])[] = [
  ['devices.kubevirt.io/kvm', '/dev/kvm'],
  ['devices.kubevirt.io/tun', '/dev/net/tun'],
];

/** The devices that this machine has. */
export const presentDevices = (): (readonly [string, string])[] => DEVICES.filter(([, path]) => existsSync(path));

/** Kubelet, kube-proxy, the enforcer of NetworkPolicies, and the device plugin. */
export function nodePrograms(place: Place): Program[] {
  const { kubelet, kubeletKubeconfig, kubeconfig } = filesOf(place);
  return [
    program(place.bin, 'kubelet', {
      config: kubelet,
      kubeconfig: kubeletKubeconfig,
      'root-dir': '/var/lib/kubelet',
      'hostname-override': NODE,
      'node-ip': HOST,
    }),
    program(place.bin, 'kube-proxy', {
      kubeconfig,
      'proxy-mode': 'nftables',
      'cluster-cidr': PODS,
      'hostname-override': NODE,
      // Otherwise it writes settings of the shared kernel.
      'conntrack-max-per-core': 0,
      'conntrack-tcp-timeout-established': 0,
      'conntrack-tcp-timeout-close-wait': 0,
    }),
    {
      name: 'devplugin',
      command: join(place.bin, 'devplugin'),
      args: presentDevices().map(([resource, path]) => `${resource}=${path}`),
    },
  ];
}

/** It needs a node when it starts. */
export const kubeRouter = (place: Place): Program =>
  program(place.bin, 'kube-router', {
    kubeconfig: filesOf(place).kubeconfig,
    'hostname-override': NODE,
    'service-cluster-ip-range': SERVICES,
    'enable-ipv6': false,
    'run-router': false,
    'run-service-proxy': false,
    'run-loadbalancer': false,
    'run-firewall': true,
    'health-port': 0,
    'metrics-port': 0,
  });

export function writeKubeletConfig(place: Place): void {
  writeFileSync(
    filesOf(place).kubelet,
    stringify({
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      kind: 'KubeletConfiguration',
      address: HOST,
      authentication: {
        anonymous: { enabled: false },
        x509: { clientCAFile: certificate(place, 'ca.crt') },
        webhook: { enabled: true },
      },
      authorization: { mode: 'Webhook' },
      tlsCertFile: certificate(place, 'kubelet-server.crt'),
      tlsPrivateKeyFile: certificate(place, 'kubelet-server.key'),
      containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
      cgroupDriver: 'cgroupfs',
      cgroupRoot: `/${place.cgroup}`,
      failCgroupV1: false,
      failSwapOn: false,
      enforceNodeAllocatable: ['pods'],
      // The disk is shared with programs that are not the node's.
      evictionHard: {
        'memory.available': '100Mi',
        'nodefs.available': '1%',
        'imagefs.available': '1%',
        'nodefs.inodesFree': '1%',
      },
      imageGCHighThresholdPercent: 100,
      imageGCLowThresholdPercent: 99,
      serializeImagePulls: false,
      nodeStatusUpdateFrequency: '2s',
      maxPods: 200,
      clusterDNS: [DNS],
      clusterDomain: 'cluster.local',
      resolvConf: '',
    }),
  );
}

/** Makes the control group that all pods are in. */
export function makeControlGroup({ cgroup }: Place): void {
  const root = '/sys/fs/cgroup';
  if (existsSync(join(root, 'cgroup.controllers'))) {
    for (const controller of ['cpu', 'cpuset', 'io', 'memory', 'pids'])
      writeFileSync(join(root, 'cgroup.subtree_control'), `+${controller}`);
    mkdirSync(join(root, cgroup), { recursive: true });
    return;
  }
  for (const controller of readdirSync(root)) mkdirSync(join(root, controller, cgroup), { recursive: true });
  // A new group has no processors and no memory.
  for (const file of ['cpuset.cpus', 'cpuset.mems'])
    writeFileSync(join(root, 'cpuset', cgroup, file), readFileSync(join(root, 'cpuset', file)));
}
