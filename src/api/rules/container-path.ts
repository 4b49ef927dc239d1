import type { SessionValues } from '../values/schema';

export const CONTAINERS = [
  ['initContainers', 'rootfs'],
  ['initContainers', 'network'],
  ['firecracker'],
  ['terminal'],
  ['codeServer'],
] as const;

export type ContainerPath = (typeof CONTAINERS)[number];

export const containerOf = (values: SessionValues, path: ContainerPath) =>
  path[0] === 'initContainers' ? values.initContainers[path[1]] : values[path[0]];
