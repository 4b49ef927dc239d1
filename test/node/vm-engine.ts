import { existsSync } from 'node:fs';

/** What runs the microVMs of the tests. */
export interface VmEngine {
  /** Path of the program `firecracker`. */
  readonly program: string;
  /** Path of the guest's kernel. */
  readonly kernel: string;
}

/** With both, microVMs run in the real Firecracker. */
const [PROGRAM, KERNEL] = ['FIRECRACKER', 'FIRECRACKER_KERNEL'];

/** Whether the machine can virtualize. The file /dev/kvm alone may be there without it. */
export const hasKvm = (): boolean => ['kvm_intel', 'kvm_amd'].some((module) => existsSync(`/sys/module/${module}`));

/**
 * @param standIn QEMU's emulation, for machines without KVM
 * @throws Error if the environment names a Firecracker that cannot run
 */
export function vmEngine(environment: NodeJS.ProcessEnv, isVirtualizing: boolean, standIn: VmEngine): VmEngine {
  const { [PROGRAM]: program = '', [KERNEL]: kernel = '' } = environment;
  if (program === '' && kernel === '') return standIn;
  if (program === '' || kernel === '')
    throw new Error(
      `${program === '' ? PROGRAM : KERNEL} is not set; Firecracker needs ${PROGRAM} (its program) and ${KERNEL} (an ELF file, with virtio and ext4 inside)`,
    );
  if (!isVirtualizing)
    throw new Error(`${PROGRAM} is set, but this machine has neither kvm_intel nor kvm_amd in /sys/module`);
  for (const path of [program, kernel]) if (!existsSync(path)) throw new Error(`${path} does not exist`);
  return { program, kernel };
}
