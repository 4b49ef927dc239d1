import type { Mapping } from '@dozlab/charts/schema';
import { goldenSession } from '../../support/golden';
import {
  container,
  environmentOf,
  labSession,
  metadataOf,
  namesOf,
  ofKind,
  one,
  sessionPod,
  specOf,
} from '../../support/manifests';

it('limits follow the size of the microVM, and the volume follows its disk', () => {
  const manifests = goldenSession('vm-2-cpus-2048-mib', {
    firecracker: { vm: { cpuCount: '2', memory: '2048' } },
    rootfs: { diskSize: '8G' },
  });

  expect(container(manifests, 'firecracker-vm').resources?.limits).toMatchObject({ cpu: '2500m', memory: '3Gi' });
  expect(environmentOf(container(manifests, 'firecracker-vm'))).toEqual(
    expect.arrayContaining(['CPU_COUNT=2', 'MEMORY=2048']),
  );
  expect(sessionPod(manifests).spec.volumes?.[0]).toEqual({ name: 'vm-kernels', emptyDir: { sizeLimit: '9Gi' } });
  expect(container(manifests, 'firecracker-vm').resources?.requests?.['ephemeral-storage']).toBe('14Gi');
});

it.each<Mapping>([{ restartPolicy: 'Never' }, { restartPolicy: 'OnFailure' }, { workload: { kind: 'Pod' } }])(
  '%j makes a Pod, with the labels and annotations of the object and of the pod',
  (over) => {
    const pod = one(
      labSession({ ...over, labels: { a: '1', both: 'object' }, podLabels: { b: '2', both: 'pod' } }),
      'Pod',
    );

    expect(pod.metadata.name).toBe('lab-session-alice-001');
    expect(metadataOf(pod).labels).toMatchObject({ a: '1', b: '2', both: 'pod', 'session-id': 'alice-001' });
    expect(metadataOf(pod).annotations).toEqual({
      'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
      'dozlab.io/user-id': 'alice',
    });
  },
);

it('restartPolicy Never creates a Pod and no Deployment', () => {
  const manifests = goldenSession('pod', { restartPolicy: 'Never' });

  expect(namesOf(manifests)).toContain('Pod/lab-session-alice-001');
  expect(ofKind(manifests, 'Deployment')).toEqual([]);
  expect(sessionPod(manifests).spec['restartPolicy']).toBe('Never');
});

describe('suspended', () => {
  it('true stops the session', () => {
    expect(specOf(one(goldenSession('suspended', { suspended: true }), 'Deployment'))['replicas']).toBe(0);
  });

  it('false starts it again', () => {
    expect(specOf(one(goldenSession('resumed', { suspended: false }), 'Deployment'))['replicas']).toBe(1);
  });

  it('true leaves out the Pod of a session without Deployment, and nothing else', () => {
    expect(namesOf(labSession({ suspended: true, restartPolicy: 'Never' }))).toEqual([
      'NetworkPolicy/lab-session-alice-001',
      'Service/lab-service-alice-001',
    ]);
    expect(namesOf(labSession({ suspended: false, restartPolicy: 'Never' }))).toContain('Pod/lab-session-alice-001');
  });
});

it('the microVM requests no device whose name is empty', () => {
  const manifests = goldenSession('no-devices', { firecracker: { devices: { kvm: '', tun: '' } } });

  expect(container(manifests, 'firecracker-vm').resources?.limits).toEqual({
    cpu: '1500m',
    'ephemeral-storage': '11Gi',
    memory: '2Gi',
  });
});
