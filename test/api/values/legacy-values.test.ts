import { checkValues, parseValues } from '../../../src/api/values/check';
import type { Mapping } from '@dozlab/charts/schema';
import { problemsWith, valuesWith } from '../../support/values';

const probe = { initialDelaySeconds: 11, periodSeconds: 12, timeoutSeconds: 13, failureThreshold: 14 };
const resources = { limits: { cpu: '3', memory: '4Gi' }, requests: { cpu: '700m', memory: '600Mi' } };
const image = { image: 'example.com/image', tag: 'v1', resources };

/** Every key that people have in their files already (requirement 005). */
const LEGACY = {
  session: { id: 'alice-001', userId: 'alice@example.com' },
  labels: { course: 'kubernetes-101', cohort: '2024-spring' },
  rootfs: { imageUrl: 'https://storage.googleapis.com/your-bucket/dozlab-k8s.ext4', diskSize: '8G' },
  network: { gatewayIp: '172.16.1.1', vmIp: '172.16.1.2', tapDevice: 'tap1' },
  initContainers: { rootfs: image, network: image },
  firecracker: {
    ...image,
    vm: { cpuCount: '2', memory: '2048' },
    livenessProbe: { ...probe, path: '/unused' },
    readinessProbe: probe,
  },
  terminal: { ...image, livenessProbe: { ...probe, path: '/a' }, readinessProbe: { ...probe, path: '/b' } },
  codeServer: {
    ...image,
    password: 'correct horse',
    existingSecret: 'my-secret',
    workspaceReadOnly: true,
    livenessProbe: { ...probe, path: '/c' },
    readinessProbe: { ...probe, path: '/d' },
  },
  service: { type: 'NodePort', ports: { vscode: 80, terminal: 81, ssh: 2222 } },
  volumes: {
    kernels: { sizeLimit: '10Gi' },
    vmData: { sizeLimit: '6Gi' },
    vscodeData: { sizeLimit: '2Gi' },
    sharedConfig: { sizeLimit: '20Mi' },
  },
  restartPolicy: 'Never',
} satisfies Mapping;

describe('values files that people have already', () => {
  it('are accepted, and every value is kept as it is', () => {
    const { values, problems } = checkValues(LEGACY);

    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(values).toMatchObject(LEGACY);
  });

  it.each<[string | number, string | number]>([
    [2, 2048],
    ['2', '2048'],
    [2, '2048'],
    ['32', 1048576],
  ])('may say cpuCount %p and memory %p', (cpuCount, memory) => {
    expect(parseValues(valuesWith({ firecracker: { vm: { cpuCount, memory } } })).firecracker.vm).toEqual({
      cpuCount,
      memory,
    });
  });

  it.each<[string | number | boolean]>([
    ['0'],
    ['33'],
    ['1.5'],
    ['two'],
    [''],
    ['02'],
    [' 2'],
    [0],
    [33],
    [1.5],
    [true],
  ])('may not say cpuCount %j', (cpuCount) => {
    const found = problemsWith({ firecracker: { vm: { cpuCount } } }).filter(({ severity }) => severity === 'error');

    expect(new Set(found.map(({ path }) => path.join('.')))).toEqual(new Set(['firecracker.vm.cpuCount']));
  });

  it.each(['livenessProbe', 'readinessProbe'])('may set any one key of %s', (name) => {
    for (const container of ['firecracker', 'terminal', 'codeServer']) {
      for (const [key, value] of Object.entries({ ...probe, path: '/x' })) {
        expect(
          problemsWith({ [container]: { [name]: { [key]: value } } }).filter((p) => p.severity === 'error'),
        ).toEqual([]);
      }
    }
  });
});
