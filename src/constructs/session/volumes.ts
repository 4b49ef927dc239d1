import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { diskVolumeSize, sumBytes } from './template-functions';
import { and, choose, include, isSet, list, not, optional, orElse, quantity, text, when } from '@dozlab/charts';
import { objectMetadata, sessionName, type SessionView } from './metadata';

/** Where the prepared root file system lies in the pod. */
export const ROOTFS_PATH = '/srv/vm/kernels/rootfs.ext4';

/** Where each volume is mounted, but where a container says otherwise. */
export const mounts = {
  kernels: { name: 'vm-kernels', mountPath: '/srv/vm/kernels' },
  vmData: { name: 'vm-data', mountPath: '/vm-data' },
  vscodeData: { name: 'vscode-data', mountPath: '/home/coder' },
  sharedConfig: { name: 'shared-config', mountPath: '/shared' },
} as const satisfies Record<string, k8s.VolumeMount>;

/** The volumes that a claim can keep, with the suffix of the claim's name. */
const KEPT = { kernels: 'kernels', vmData: 'vm-data', vscodeData: 'vscode-data' } as const;

type Kept = keyof typeof KEPT;

/** The size of a volume. */
const sizeOf = (view: SessionView, volume: Kept): string =>
  volume === 'kernels'
    ? orElse(view.volumes.kernels.sizeLimit, diskVolumeSize(view.rootfs.diskSize))
    : text(view.volumes[volume].sizeLimit);

const keptVolume = (view: SessionView, volume: Kept): k8s.Volume => {
  const { persistence } = view.volumes[volume];
  return {
    name: mounts[volume].name,
    emptyDir: when(not(persistence.enabled), { sizeLimit: quantity(sizeOf(view, volume)) }),
    persistentVolumeClaim: when(persistence.enabled, {
      claimName: orElse(persistence.existingClaim, `${sessionName(view)}-${KEPT[volume]}`),
    }),
  };
};

/** The volumes of the pod. */
export const podVolumes = (view: SessionView): k8s.Volume[] => [
  keptVolume(view, 'kernels'),
  keptVolume(view, 'vmData'),
  keptVolume(view, 'vscodeData'),
  { name: mounts.sharedConfig.name, emptyDir: { sizeLimit: quantity(view.volumes.sharedConfig.sizeLimit) } },
];

/** The disk space that volumes take from the node, which the scheduler sees only when a container asks for it. */
export const nodeDiskSpace = (view: SessionView, ...volumes: Kept[]): string =>
  sumBytes(...volumes.map((volume) => choose(view.volumes[volume].persistence.enabled, '0', sizeOf(view, volume))));

/** The claims of the volumes that are to outlive the pod. They end with the session. */
export class SessionClaims extends Construct {
  constructor(scope: Construct, id: string, view: SessionView) {
    super(scope, id);
    for (const volume of Object.keys(KEPT) as Kept[]) {
      const { persistence } = view.volumes[volume];
      include(this, and(persistence.enabled, not(isSet(persistence.existingClaim))), () => {
        new k8s.KubePersistentVolumeClaim(this, KEPT[volume], {
          metadata: objectMetadata(view, `${sessionName(view)}-${KEPT[volume]}`),
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
