import { at } from '@dozlab/charts/schema';
import { containerCause } from '../report/container-cause';
import { type Finding, holds, lacks } from './conditions';
import type { KubeObject } from './live-objects';

const ROOTFS = 'init-rootfs';
const MICROVM = 'firecracker-vm';

interface ContainerStatus {
  readonly name: string;
  /** Empty until the image is on the node. */
  readonly imageID?: string;
  readonly started?: boolean;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly running?: { readonly startedAt?: string };
    readonly terminated?: { readonly exitCode: number; readonly finishedAt?: string };
  };
}

interface PodCondition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

/** What the pod of a session says of each step of its start. */
export function podFindings(pod: KubeObject): Finding[] {
  const statuses = containersOf(pod);
  return [scheduled(pod), images(statuses), rootfs(statuses), booted(statuses), ready(pod, statuses)];
}

const containersOf = (pod: KubeObject): ContainerStatus[] =>
  ['initContainerStatuses', 'containerStatuses'].flatMap(
    (key) => (at(pod, ['status', key]) ?? []) as ContainerStatus[],
  );

export const conditionOf = (pod: KubeObject, type: string): PodCondition | undefined =>
  ((at(pod, ['status', 'conditions']) ?? []) as PodCondition[]).find((each) => each.type === type);

function scheduled(pod: KubeObject): Finding {
  const condition = conditionOf(pod, 'PodScheduled');
  return condition?.status === 'True'
    ? holds(
        'Scheduled',
        'NodeFound',
        `runs on the node ${String(at(pod, ['spec', 'nodeName']))}`,
        condition.lastTransitionTime,
      )
    : lacks('Scheduled', 'NoNode', condition?.message ?? 'the scheduler has not seen the pod yet');
}

const PULL_FAILURES = ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'];

function images(statuses: readonly ContainerStatus[]): Finding {
  const failed = statuses.filter(({ state }) => PULL_FAILURES.includes(state?.waiting?.reason ?? ''));
  if (failed.length > 0) return lacks('ImagesReady', 'PullFailed', causesOf(failed));
  const missing = statuses.filter(({ imageID }) => imageID === undefined || imageID === '');
  if (statuses.length > 0 && missing.length === 0) return holds('ImagesReady', 'Pulled', 'all images are on the node');
  return lacks('ImagesReady', 'Pulling', `not yet on the node: images of ${namesOf(missing)}`);
}

function rootfs(statuses: readonly ContainerStatus[]): Finding {
  const status = statuses.find(({ name }) => name === ROOTFS);
  const ended = status?.state?.terminated;
  if (ended?.exitCode === 0)
    return holds('RootfsReady', 'Prepared', 'the root file system is downloaded and checked', ended.finishedAt);
  const cause = status === undefined ? undefined : containerCause(status);
  if (cause !== undefined && status?.state?.running === undefined) return lacks('RootfsReady', 'Failed', cause);
  return status?.state?.running === undefined
    ? lacks('RootfsReady', 'Waiting', 'the init container has not started')
    : lacks('RootfsReady', 'Preparing', 'the root file system is downloaded, checked and resized');
}

function booted(statuses: readonly ContainerStatus[]): Finding {
  const status = statuses.find(({ name }) => name === MICROVM);
  if (status?.started === true) return holds('Booted', 'SshAnswers', 'SSH of the microVM answers');
  const cause = status === undefined ? undefined : containerCause(status);
  return status?.state?.running === undefined
    ? lacks('Booted', cause === undefined ? 'Waiting' : 'Failed', cause ?? 'the microVM has not started')
    : lacks('Booted', 'Booting', cause ?? 'the microVM boots');
}

function ready(pod: KubeObject, statuses: readonly ContainerStatus[]): Finding {
  const condition = conditionOf(pod, 'Ready');
  if (condition?.status === 'True')
    return holds('Ready', 'AllAnswer', 'microVM, terminal and VS Code answer', condition.lastTransitionTime);
  const causes = causesOf(statuses);
  return lacks('Ready', causes === '' ? 'Starting' : 'NotReady', causes === '' ? 'the session starts' : causes);
}

const causesOf = (statuses: readonly ContainerStatus[]): string =>
  statuses.flatMap((status) => containerCause(status) ?? []).join('; ');

const namesOf = (statuses: readonly ContainerStatus[]): string =>
  statuses.length === 0 ? 'all containers' : statuses.map(({ name }) => name).join(', ');
