import { mebibytes } from '../values/quantity';
import { isByteSize } from '../values/quantity-functions';
import { fillPattern, mixesAccessModes } from '../values/template-functions';
import { diskQuantity, diskVolumeSize } from '../values/sizing';
import type { ValueProblem } from '../../core/diagnostics';
import { ownClaim } from '../values/names';
import { and, equals, isSet, not, orElse, refuse, text } from '@dozlab/charts';
import { type ChartRule, isObjectName, type Rule, warning } from './rule';

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

/** A larger size is negative in templates, and Kubernetes has no such sizes. */
export const sizesAreWhole: ChartRule = ({ volumes: { kernels, vmData, vscodeData, sharedConfig } }) => {
  const isSize = (name: string, size: string) =>
    refuse(
      not(isByteSize(size)),
      ['volumes', name, 'sizeLimit'],
      `is ${size}; accepted: a size in whole bytes above zero, such as 5Gi`,
      'wrong-value',
    );
  return [
    ...isSize('kernels', orElse(kernels.sizeLimit, '1Gi')),
    ...isSize('vmData', text(vmData.sizeLimit)),
    ...isSize('vscodeData', text(vscodeData.sizeLimit)),
    ...isSize('sharedConfig', text(sharedConfig.sizeLimit)),
  ];
};

const VOLUMES = ['kernels', 'vmData', 'vscodeData'] as const;

export const claimsHaveNames: ChartRule = ({ session, volumes }) => {
  const claims = VOLUMES.map((volume) => {
    const { enabled, existingClaim } = volumes[volume].persistence;
    const given = orElse(existingClaim, ownClaim(volume));
    const name = fillPattern(given, session.id, session.userId);
    return { volume, enabled, isGiven: isSet(existingClaim), given, name };
  });
  return claims.flatMap(({ volume, enabled, isGiven, given, name }, index) => {
    const path = ['volumes', volume, 'persistence', 'existingClaim'];
    const isName = isObjectName(name);
    const others = claims.filter((other) => other.volume !== volume);
    const isShared = others.map((other) => and(other.enabled, equals(other.name, name)));
    return [
      ...refuse(
        and(isGiven, not(isName)),
        path,
        `gives ${name}; accepted: a pattern that gives the name of a claim, with no placeholders but {id} and {user}`,
        'wrong-value',
      ),
      ...others.flatMap((other, at) => {
        // Of two volumes that both name the claim, the later one is wrong.
        const isLater = claims.indexOf(other) < index ? [] : [not(other.isGiven)];
        const isFirst = isShared.slice(0, at).map((each) => not(each));
        return refuse(
          and(enabled, isGiven, isName, isShared[at], ...isFirst, ...isLater),
          path,
          `is ${given}, which volumes.${other.volume} uses too; accepted: a claim of its own`,
        );
      }),
    ];
  });
};

export const accessModesFit: ChartRule = ({ volumes }) =>
  VOLUMES.flatMap((volume) =>
    refuse(
      mixesAccessModes(volumes[volume].persistence.accessModes),
      ['volumes', volume, 'persistence', 'accessModes'],
      'holds ReadWriteOncePod and others; accepted: ReadWriteOncePod alone',
    ),
  );

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
    return problems;
  });
