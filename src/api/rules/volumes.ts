import { isWhole, mebibytes, nano } from '../values/quantity';
import { diskQuantity, diskVolumeSize } from '../values/sizing';
import type { ValueProblem } from '../../core/diagnostics';
import { expandPattern, isObjectName, ownClaim } from '../values/names';
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

const VOLUMES = ['kernels', 'vmData', 'vscodeData'] as const;

export const claimsHaveNames: Rule = ({ session, volumes }) => {
  const claimOf = (volume: (typeof VOLUMES)[number]): string =>
    expandPattern(volumes[volume].persistence.existingClaim ?? ownClaim(volume), session.id, session.userId);
  return VOLUMES.flatMap((volume) => {
    const { enabled, existingClaim } = volumes[volume].persistence;
    if (existingClaim === undefined) return [];
    const path = ['volumes', volume, 'persistence', 'existingClaim'];
    const name = claimOf(volume);
    if (!isObjectName(name)) {
      const message = `gives ${name}; accepted: a pattern that gives the name of a claim, with no placeholders but {id} and {user}`;
      return [error(path, message, 'wrong-value')];
    }
    const other = VOLUMES.find(
      (each) => each !== volume && volumes[each].persistence.enabled && claimOf(each) === name,
    );
    const isFirst = other !== undefined && volume < other && volumes[other].persistence.existingClaim !== undefined;
    if (!enabled || other === undefined || isFirst) return [];
    return [error(path, `is ${existingClaim}, which volumes.${other} uses too; accepted: a claim of its own`)];
  });
};

export const claimsAreWhole: Rule = ({ volumes }) =>
  VOLUMES.flatMap((name) => {
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
    return problems;
  });
