import type { SessionValues } from '../api/values/schema';

/** All that decides what a session asks for when it runs, as text. */
export function sizeKey({
  firecracker,
  terminal,
  codeServer,
  initContainers,
  volumes,
  rootfs,
  workload,
}: SessionValues): string {
  const containers = [firecracker, terminal, codeServer, initContainers.rootfs, initContainers.network];
  const resources = containers.map((container) => container.resources);
  return JSON.stringify([resources, firecracker.vm, firecracker.devices, volumes, rootfs.diskSize, workload.kind]);
}
