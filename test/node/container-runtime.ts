import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '../cluster/keeper';
import { PODS, REGISTRY, filesOf, type Place } from './place';

/** containerd, whose containers runc runs and whose pods are on a bridge. */
export const containerd = (place: Place): Program => ({
  name: 'containerd',
  command: join(place.bin, 'containerd'),
  args: ['--config', filesOf(place).containerd],
  env: { PATH: `${place.bin}:${process.env['PATH'] ?? ''}` },
});

export function writeContainerRuntimeFiles(place: Place): void {
  const files = filesOf(place);
  const registry = join(files.registries, REGISTRY);
  for (const folder of [files.network, registry]) mkdirSync(folder, { recursive: true });
  writeFileSync(files.containerd, containerdConfig(place));
  writeFileSync(join(files.network, '10-bridge.conflist'), JSON.stringify(NETWORK));
  writeFileSync(
    join(registry, 'hosts.toml'),
    `server = "http://${REGISTRY}"\n[host."http://${REGISTRY}"]\n  capabilities = ["pull", "resolve", "push"]\n`,
  );
}

const containerdConfig = (place: Place): string => {
  const { containerdRoot, registries, network } = filesOf(place);
  return `version = 3
root = "${containerdRoot}"
state = "/run/containerd"
disabled_plugins = ["io.containerd.grpc.v1.tracing", "io.containerd.nri.v1.nri", "io.containerd.snapshotter.v1.blockfile",
  "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.erofs", "io.containerd.snapshotter.v1.zfs"]
[plugins.'io.containerd.cri.v1.images']
  snapshotter = "overlayfs"
  use_local_image_pull = true
[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = "registry.local/pause:3.10"
[plugins.'io.containerd.cri.v1.images'.registry]
  config_path = "${registries}"
[plugins.'io.containerd.cri.v1.runtime']
  disable_apparmor = true
  # runc cannot lower it without CAP_SYS_RESOURCE, and ends.
  restrict_oom_score_adj = true
  enable_unprivileged_ports = true
  enable_unprivileged_icmp = true
[plugins.'io.containerd.cri.v1.runtime'.cni]
  bin_dirs = ["${join(place.bin, 'cni')}"]
  conf_dir = "${network}"
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
  BinaryName = "${join(place.bin, 'runc')}"
`;
};

const NETWORK = {
  cniVersion: '1.0.0',
  name: 'pods',
  plugins: [
    {
      type: 'bridge',
      bridge: 'cni0',
      isGateway: true,
      ipMasq: true,
      hairpinMode: true,
      ipam: { type: 'host-local', dataDir: '/run/cni', ranges: [[{ subnet: PODS }]], routes: [{ dst: '0.0.0.0/0' }] },
    },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
};

/** Runs containerd's client, in the namespace of Kubernetes. */
export const ctr = ({ bin }: Place, ...args: string[]): string =>
  execFileSync(join(bin, 'ctr'), ['--namespace', 'k8s.io', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    // It would warn of the first version of control groups at every call.
    env: { ...process.env, CONTAINERD_SUPPRESS_DEPRECATION_WARNINGS: 'true' },
  });

export function isContainerdReady(place: Place): boolean {
  try {
    ctr(place, 'version');
    return true;
  } catch {
    return false;
  }
}

/** Gives the node the images that are files, so that it need not pull them. */
export function importImages(place: Place): void {
  for (const file of readdirSync(place.images).filter((name) => name.endsWith('.tar')))
    ctr(place, 'images', 'import', join(place.images, file));
}
