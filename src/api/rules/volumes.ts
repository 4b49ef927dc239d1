import { isWhole, mebibytes, nano } from '../values/quantity';
import { diskQuantity, diskVolumeSize } from '../values/sizing';
import type { ValueProblem } from '../../core/diagnostics';
import { error, warning, type Rule } from './rule';

export const diskFitsItsVolume: Rule = ({ rootfs, volumes }) => {
  const { sizeLimit } = volumes.kernels;
  if (sizeLimit === undefined || mebibytes(sizeLimit) > mebibytes(diskQuantity(rootfs.diskSize))) return [];
  return [
    warning(
      ['volumes', 'kernels', 'sizeLimit'],
      `is ${String(sizeLimit)}, too small for a disk of ${rootfs.diskSize}: the pod is evicted when the disk fills; better ${diskVolumeSize(rootfs.diskSize)}, or leave it out`,
      'tight-fit',
    ),
  ];
};

export const sizesAreWhole: Rule = ({ volumes }) =>
  Object.entries(volumes).flatMap(([name, { sizeLimit }]) => {
    const path = ['volumes', name, 'sizeLimit'];
    if (sizeLimit === undefined) return [];
    if (!isWhole(sizeLimit) || nano(sizeLimit) === 0n || nano(sizeLimit) >= 2n ** 63n * 10n ** 9n) {
      return [
        error(path, `is ${String(sizeLimit)}; accepted: a size in whole bytes above zero, such as 5Gi`, 'wrong-value'),
      ];
    }
    return [];
  });

export const claimsAreWhole: Rule = ({ volumes }) =>
  (['kernels', 'vmData', 'vscodeData'] as const).flatMap((name) => {
    const { persistence } = volumes[name];
    const path = ['volumes', name, 'persistence'];
    const problems: ValueProblem[] = [];
    if (!persistence.enabled && persistence.existingClaim !== undefined) {
      problems.push(
        warning(
          [...path, 'existingClaim'],
          `has no effect while volumes.${name}.persistence.enabled is false`,
          'has-no-effect',
        ),
      );
    }
    if (persistence.existingClaim !== undefined && persistence.storageClassName !== undefined) {
      problems.push(
        warning([...path, 'storageClassName'], 'has no effect: the claim is there already', 'has-no-effect'),
      );
    }
    if (persistence.accessModes.includes('ReadWriteOncePod') && persistence.accessModes.length > 1) {
      problems.push(
        error([...path, 'accessModes'], 'holds ReadWriteOncePod and others; accepted: ReadWriteOncePod alone'),
      );
    }
    const claim = persistence.enabled ? persistence.existingClaim : undefined;
    const other = (['kernels', 'vmData', 'vscodeData'] as const).find(
      (volume) =>
        volume < name && volumes[volume].persistence.enabled && volumes[volume].persistence.existingClaim === claim,
    );
    if (claim !== undefined && other !== undefined) {
      problems.push(
        error([...path, 'existingClaim'], `is ${claim}, which volumes.${other} uses too; accepted: a claim of its own`),
      );
    }
    return problems;
  });
