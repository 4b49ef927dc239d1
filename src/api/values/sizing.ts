import { binaryQuantity, mebibytes, type Quantity } from './quantity';

/** Memory of the container beyond the microVM's, so that the kernel never kills Firecracker or the init process. */
const MEMORY_OVERHEAD_MEBIBYTES = 1024;
const CPU_OVERHEAD_MILLICORES = 500;
/** Space beyond the disk image: blocks of the file system, and leftovers of the download. */
const DISK_OVERHEAD_MEBIBYTES = 1024;

/** The CPU limit of a container that runs a microVM with this many CPUs: half a core more. */
export const vmCpuLimit = (cpuCount: string | number): string =>
  `${String(Number(cpuCount) * 1000 + CPU_OVERHEAD_MILLICORES)}m`;

/** The memory limit of a container that runs a microVM with this much memory in MiB: 1 GiB more. */
export const vmMemoryLimit = (memory: string | number): string =>
  binaryQuantity(Number(memory) + MEMORY_OVERHEAD_MEBIBYTES);

/** A disk size in the form that resize2fs takes: a whole number and K, M, G or T, which are powers of 1024 there. */
export const DISK_SIZE = /^[1-9][0-9]{0,8}[KMGT]$/;

/** A disk size as a Kubernetes quantity: `4Gi` for `4G`. */
export const diskQuantity = (diskSize: string): string => `${diskSize}i`;

/** The volume that holds a disk image of this size: 1 GiB more. */
export const diskVolumeSize = (diskSize: string): string =>
  binaryQuantity(mebibytes(diskQuantity(diskSize)) + DISK_OVERHEAD_MEBIBYTES);

/** The sum of quantities of bytes, rounded up to MiB each. */
export const sumBytes = (...quantities: Quantity[]): string =>
  binaryQuantity(quantities.reduce<number>((sum, quantity) => sum + mebibytes(quantity), 0));
