import { binaryQuantity, mebibytes, type Quantity } from './quantity';

/** Otherwise the kernel may kill Firecracker or the init process. */
const MEMORY_OVERHEAD_MEBIBYTES = 1024;
const CPU_OVERHEAD_MILLICORES = 500;
/** Blocks of the file system and leftovers of the download. */
const DISK_OVERHEAD_MEBIBYTES = 1024;

/** Logs, sockets, and files outside of the volumes. */
const DISK_BESIDE_VOLUMES_MEBIBYTES = 1024;

export const vmCpuLimit = (cpuCount: string | number): string =>
  `${String(Number(cpuCount) * 1000 + CPU_OVERHEAD_MILLICORES)}m`;

/** `memory` is in MiB. */
export const vmMemoryLimit = (memory: string | number): string =>
  binaryQuantity(Number(memory) + MEMORY_OVERHEAD_MEBIBYTES);

/**
 * The percentage of what the microVM and Firecracker take, or of the limit if that is less. Rounded down, so that it is
 * never above the limit.
 * @param memory in MiB
 */
export function vmMemoryRequest(memory: string | number, percent: number, limit?: Quantity): Quantity {
  const most = Number(memory) + MEMORY_OVERHEAD_MEBIBYTES;
  const bound = limit === undefined ? most : Math.min(most, mebibytes(limit));
  if (percent === 100 && limit !== undefined && bound === mebibytes(limit)) return limit;
  return binaryQuantity(Math.floor((bound * percent) / 100));
}

/** resize2fs reads K, M, G and T as powers of 1024. */
export const DISK_SIZE = /^[1-9][0-9]{0,8}[KMGT]$/;

/** `4Gi` for `4G`. */
export const diskQuantity = (diskSize: string): string => `${diskSize}i`;

export const diskVolumeSize = (diskSize: string): string =>
  binaryQuantity(mebibytes(diskQuantity(diskSize)) + DISK_OVERHEAD_MEBIBYTES);

export const sumBytes = (...quantities: Quantity[]): string =>
  binaryQuantity(quantities.reduce<number>((sum, quantity) => sum + mebibytes(quantity), 0));

/** Kubernetes evicts a pod whose volumes on the node are larger than the limits of its containers together. */
export const diskSpaceLimit = (request: Quantity, volumes: Quantity): string =>
  binaryQuantity(Math.max(mebibytes(request), mebibytes(volumes)) + DISK_BESIDE_VOLUMES_MEBIBYTES);
