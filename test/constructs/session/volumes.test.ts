import type { Mapping } from '@dozlab/charts/schema';
import { goldenSession } from '../../support/golden';
import { container, labSession, namesOf, ofKind, one, sessionPod, specOf } from '../../support/manifests';

describe('persistence', () => {
  const persistent = { persistence: { enabled: true, storageClassName: 'fast' } };

  it('puts volumes into claims, which use no disk of the node', () => {
    const manifests = goldenSession('persistence', {
      volumes: {
        kernels: persistent,
        vmData: persistent,
        vscodeData: { sizeLimit: '3Gi', persistence: { enabled: true } },
      },
    });

    expect(namesOf(manifests).slice(0, 3)).toEqual([
      'PersistentVolumeClaim/lab-session-alice-001-kernels',
      'PersistentVolumeClaim/lab-session-alice-001-vm-data',
      'PersistentVolumeClaim/lab-session-alice-001-vscode-data',
    ]);
    expect(specOf(one(manifests, 'PersistentVolumeClaim', 'lab-session-alice-001-kernels'))).toEqual({
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'fast',
      resources: { requests: { storage: '5Gi' } },
    });
    expect(specOf(one(manifests, 'PersistentVolumeClaim', 'lab-session-alice-001-vscode-data'))).toEqual({
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '3Gi' } },
    });
    expect(sessionPod(manifests).spec.volumes?.slice(0, 3)).toEqual([
      { name: 'vm-kernels', persistentVolumeClaim: { claimName: 'lab-session-alice-001-kernels' } },
      { name: 'vm-data', persistentVolumeClaim: { claimName: 'lab-session-alice-001-vm-data' } },
      { name: 'vscode-data', persistentVolumeClaim: { claimName: 'lab-session-alice-001-vscode-data' } },
    ]);
    expect(container(manifests, 'firecracker-vm').resources?.requests?.['ephemeral-storage']).toBe('0');
    expect(container(manifests, 'code-server').resources?.requests?.['ephemeral-storage']).toBe('0');
  });

  it('does not walk all files of a claim at each start', () => {
    const contextOf = (over: Mapping) => sessionPod(labSession(over)).spec['securityContext'];
    const plain = { fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } };

    expect(contextOf({})).toEqual(plain);
    for (const volume of ['kernels', 'vmData', 'vscodeData'])
      expect(contextOf({ volumes: { [volume]: persistent } })).toEqual({
        ...plain,
        fsGroupChangePolicy: 'OnRootMismatch',
      });
  });

  it('creates no claim if one exists', () => {
    const manifests = labSession({
      volumes: { vmData: { persistence: { enabled: true, existingClaim: 'homework' } } },
    });

    expect(ofKind(manifests, 'PersistentVolumeClaim')).toEqual([]);
    expect(sessionPod(manifests).spec.volumes?.[1]).toEqual({
      name: 'vm-data',
      persistentVolumeClaim: { claimName: 'homework' },
    });
    expect(container(manifests, 'firecracker-vm').resources?.requests?.['ephemeral-storage']).toBe('5Gi');
  });
});
