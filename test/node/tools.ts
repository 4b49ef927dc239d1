import { TOOLS, type Tool } from '../cluster/tools';

const named = (...names: string[]): Record<string, string> => Object.fromEntries(names.map((name) => [name, name]));

/** What a real node runs, beside a control plane. */
const OWN: readonly Tool[] = [
  { name: 'runc', programs: named('runc'), cgoTags: 'seccomp' },
  {
    name: 'cni',
    programs: Object.fromEntries(['bridge', 'host-local', 'loopback', 'portmap'].map((name) => [name, `cni/${name}`])),
  },
  { name: 'containerd', programs: named('containerd', 'containerd-shim-runc-v2', 'ctr') },
  { name: 'kubelet', programs: named('kubelet', 'kube-proxy') },
  { name: 'kube-router', programs: named('kube-router') },
  { name: 'coredns', programs: named('coredns') },
  { name: 'devplugin', programs: named('devplugin') },
  { name: 'kaniko', programs: { executor: 'kaniko' } },
  { name: 'stand-ins', programs: named('code-server', 'terminal', 'firecracker') },
];

const OF_CLUSTER = [
  'etcd',
  'kube',
  'registry',
  'helm',
  'helm3',
  'source-controller',
  'kustomize-controller',
  'helm-controller',
];

/** All programs that the tests on a real node need. */
export const NODE_TOOLS: readonly Tool[] = [...TOOLS.filter(({ name }) => OF_CLUSTER.includes(name)), ...OWN];
