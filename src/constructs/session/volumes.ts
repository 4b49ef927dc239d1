import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { diskVolumeSizeOf, sumOfBytes } from '../../api/values/quantity-functions';
import { and, choose, include, isSet, list, not, optional, or, orElse, quantity, text, when } from '@dozlab/charts';
import { CLAIMABLE, ownClaim } from '../../api/values/names';
import { forSession, objectMetadata, sessionName, type SessionView } from './metadata';

export const ROOTFS_PATH = '/srv/vm/kernels/rootfs.ext4';

export const mounts = {
  kernels: { name: 'vm-kernels', mountPath: '/srv/vm/kernels' },
  vmData: { name: 'vm-data', mountPath: '/vm-data' },
  vscodeData: { name: 'vscode-data', mountPath: '/home/coder' },
  sharedConfig: { name: 'shared-config', mountPath: '/shared' },
} as const satisfies Record<string, k8s.VolumeMount>;

type Claimable = keyof typeof CLAIMABLE;

export const sizeOf = (view: SessionView, volume: Claimable): string =>
  volume === 'kernels'
    ? orElse(view.volumes.kernels.sizeLimit, diskVolumeSizeOf(view.rootfs.diskSize))
    : text(view.volumes[volume].sizeLimit);

const claimableVolume = (view: SessionView, volume: Claimable): k8s.Volume => {
  const { persistence } = view.volumes[volume];
  return {
    name: mounts[volume].name,
    emptyDir: when(not(persistence.enabled), { sizeLimit: quantity(sizeOf(view, volume)) }),
    persistentVolumeClaim: when(persistence.enabled, {
      claimName: forSession(view, orElse(persistence.existingClaim, ownClaim(volume))),
    }),
  };
};

export const podVolumes = (view: SessionView): k8s.Volume[] => [
  claimableVolume(view, 'kernels'),
  claimableVolume(view, 'vmData'),
  claimableVolume(view, 'vscodeData'),
  { name: mounts.sharedConfig.name, emptyDir: { sizeLimit: quantity(view.volumes.sharedConfig.sizeLimit) } },
];

export const NO_DISK = '0';

/** The scheduler counts disk space only if a container requests it. */
export const nodeDiskSpace = (view: SessionView, ...volumes: Claimable[]): string =>
  sumOfBytes(
    ...volumes.map((volume) => choose(view.volumes[volume].persistence.enabled, NO_DISK, sizeOf(view, volume))),
  );

export const isAnyPersistent = ({ volumes }: SessionView) =>
  or(volumes.kernels.persistence.enabled, volumes.vmData.persistence.enabled, volumes.vscodeData.persistence.enabled);

/** The claims outlive the pod. */
export class SessionClaims extends Construct {
  constructor(scope: Construct, id: string, view: SessionView) {
    super(scope, id);
    for (const volume of Object.keys(CLAIMABLE) as Claimable[]) {
      const { persistence } = view.volumes[volume];
      include(this, and(persistence.enabled, not(isSet(persistence.existingClaim))), () => {
        new k8s.KubePersistentVolumeClaim(this, CLAIMABLE[volume], {
          metadata: objectMetadata(view, `${sessionName(view)}-${CLAIMABLE[volume]}`),
          spec: {
            accessModes: list(persistence.accessModes),
            storageClassName: optional(persistence.storageClassName),
            resources: { requests: { storage: quantity(sizeOf(view, volume)) } },
          },
        });
      });
    }
  }
}
