import fc from 'fast-check';
import type { Mapping } from '@dozlab/charts/schema';
import { all, linesOfText, maybe, objectNames, some } from './arbitrary-parts';

interface Sizes {
  readonly cpu: number;
  readonly memory: number;
}

const resources = (): fc.Arbitrary<(least: Sizes, limited: boolean) => Mapping> =>
  fc
    .record({
      cpu: fc.integer({ min: 1, max: 1000 }),
      cpuMore: fc.integer({ min: 0, max: 4000 }),
      memory: fc.integer({ min: 1, max: 1024 }),
      memoryMore: fc.integer({ min: 0, max: 4096 }),
      gpu: fc.option(fc.integer({ min: 0, max: 8 })),
      huge: fc.option(fc.integer({ min: 1, max: 64 })),
      disk: fc.option(fc.integer({ min: 1, max: 64 })),
    })
    .map(({ cpu, cpuMore, memory, memoryMore, gpu, huge, disk }) => (least: Sizes, limited: boolean): Mapping => {
      const pages: Mapping = huge === null ? {} : { 'hugepages-2Mi': `${String(huge * 2)}Mi` };
      return {
        limits: {
          ...(limited ? { cpu: `${String(Math.max(least.cpu, cpu + cpuMore))}m` } : {}),
          ...(limited ? { memory: `${String(Math.max(least.memory, memory + memoryMore))}Mi` } : {}),
          ...(gpu !== null ? { 'example.com/gpu': gpu } : {}),
          ...pages,
        },
        requests: {
          cpu: `${String(Math.min(cpu, 500))}m`,
          memory: `${String(memory)}Mi`,
          ...(gpu !== null ? { 'example.com/gpu': String(gpu) } : {}),
          ...(disk !== null ? { 'ephemeral-storage': `${String(disk)}Gi` } : {}),
          ...pages,
        },
      };
    });

export const KEYS = ['password', 'a.b', '_x', 'KEY-1', '0', 'yes', 'null'] as const;

const keySelector = (): fc.Arbitrary<Mapping> =>
  all({ name: objectNames(), key: fc.constantFrom(...KEYS), optional: maybe(fc.boolean()) });

const environments = (): fc.Arbitrary<Mapping[]> =>
  fc.uniqueArray(
    all({
      name: fc.stringMatching(/^X[A-Za-z_.-]{0,8}$/),
      given: fc.oneof(
        linesOfText().map((value) => ({ value })),
        fc.constant({}),
        keySelector().map((secretKeyRef) => ({ valueFrom: { secretKeyRef } })),
        keySelector().map((configMapKeyRef) => ({ valueFrom: { configMapKeyRef } })),
        fc
          .constantFrom('metadata.name', 'metadata.uid', 'spec.nodeName', 'status.hostIP', 'status.podIPs')
          .map((fieldPath) => ({ valueFrom: { fieldRef: { fieldPath } } })),
      ),
    }).map(({ name, given }) => ({ name, ...(given as Mapping) }) as Mapping),
    { selector: ({ name }) => name, maxLength: 3 },
  );

const images = {
  image: maybe(
    fc.constantFrom(
      'busybox',
      'registry.example.com:5000/team/image',
      'ghcr.io/a/b-c__d.e:v1',
      `x/y@sha256:${'a'.repeat(64)}`,
      'localhost/a:007',
    ),
  ),
  tag: maybe(fc.constantFrom('v1.2', '007', '1e3', 'null', 'latest', '_x')),
  digest: maybe(fc.constant(`sha256:${'0123456789abcdef'.repeat(4)}`)),
};

const path = fc.constantFrom('/', '/healthz', '/a?b=c&d=%20', '/{{x}}', '/\'"\\');

const times = (): fc.Arbitrary<Mapping> =>
  some({
    initialDelaySeconds: fc.integer({ min: 0, max: 3600 }),
    periodSeconds: fc.integer({ min: 1, max: 3600 }),
    timeoutSeconds: fc.integer({ min: 1, max: 600 }),
    failureThreshold: fc.integer({ min: 1, max: 100 }),
  });

const probe = (): fc.Arbitrary<Mapping> =>
  fc.tuple(some({ path }), times()).map(([where, when]) => ({ ...where, ...when }));

const otherProbes = () => ({ livenessProbe: maybe(probe()), readinessProbe: maybe(probe()) });

export const probes = () => ({ startupProbe: maybe(probe()), ...otherProbes() });

export const container = (least: Sizes) => ({
  ...images,
  resources: maybe(resources().map((fitting) => fitting(least, true))),
  extraEnv: maybe(environments()),
});

export const firecracker = (): fc.Arbitrary<Mapping> =>
  fc
    .record({
      cpuCount: fc.integer({ min: 1, max: 32 }),
      memory: fc.integer({ min: 128, max: 65536 }),
      asText: fc.boolean(),
      limited: fc.boolean(),
      fitting: fc.option(resources()),
      rest: some({
        ...images,
        devices: fc.constantFrom(
          { kvm: '', tun: '' },
          { kvm: 'example.com/kvm' },
          { tun: '' },
          { kvm: 'a.example/K_v.m' },
        ),
        memoryRequestPercent: fc.integer({ min: 1, max: 100 }),
        capabilities: fc.uniqueArray(fc.constantFrom('NET_ADMIN', 'SYS_ADMIN', 'SYS_RESOURCE', 'BPF')),
        extraEnv: environments(),
        startupProbe: times(),
        ...otherProbes(),
      }),
    })
    .map(({ cpuCount, memory, asText, limited, fitting, rest }) => ({
      ...rest,
      vm: asText ? { cpuCount: String(cpuCount), memory: String(memory) } : { cpuCount, memory },
      ...(fitting !== null ? { resources: fitting({ cpu: cpuCount * 1000, memory }, limited) } : {}),
    }));
