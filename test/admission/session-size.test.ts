import { quantityOf } from '../../src/model/pod-requests';
import { sessionSize } from '../../src/admission/session-size';
import type { Manifest } from '@dozlab/charts/yaml';
import { nano } from '../../src/api/values/quantity';

type Amounts = Readonly<Record<string, string | number>>;

const asking = (requests: Amounts, limits: Amounts = {}) => ({ resources: { requests, limits } });

const pod = (spec: object): Manifest => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pod' }, spec });

const claim = (storage: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'claim' },
  spec: { resources: { requests: { storage } } },
});

/** What the scheduler keeps for a pod, in quantities. */
const requestsOf = (spec: object): Record<string, string> =>
  Object.fromEntries(
    Array.from(sessionSize([pod(spec)]).requests).map(([name, amount]) => [name, quantityOf(name, amount)]),
  );

describe('what the scheduler keeps for a pod', () => {
  test('is the sum of its containers', () => {
    expect(requestsOf({ containers: [asking({ cpu: '500m', memory: '1Gi' }), asking({ cpu: 0.25 })] })).toEqual({
      cpu: '750m',
      memory: '1Gi',
    });
  });

  test('is that of an init container where it is more, resource by resource, and init containers do not add up', () => {
    const spec = {
      initContainers: [asking({ cpu: 2, memory: '64Mi' }), asking({ cpu: 1, memory: '96Mi' })],
      containers: [asking({ cpu: '500m', memory: '50Mi' }), asking({ cpu: '500m', memory: '50Mi' })],
    };
    expect(requestsOf(spec)).toEqual({ cpu: '2', memory: '100Mi' });
  });

  test('counts the limits of what a container does not ask for, devices too', () => {
    const spec = { containers: [asking({ cpu: '100m' }, { cpu: 1, memory: '1Gi', 'devices.kubevirt.io/kvm': 1 })] };
    expect(requestsOf(spec)).toEqual({ cpu: '100m', memory: '1Gi', 'devices.kubevirt.io/kvm': '1' });
  });

  test('has the overhead of its runtime class on top', () => {
    const spec = { overhead: { cpu: '250m', memory: '120Mi' }, containers: [asking({ cpu: '500m' })] };
    expect(requestsOf(spec)).toEqual({ cpu: '750m', memory: '120Mi' });
  });

  test('has sidecars beside the containers, and beside the init containers after them', () => {
    const sidecar = (cpu: number) => ({ ...asking({ cpu }), restartPolicy: 'Always' });
    const initContainers = [asking({ cpu: 2 }), sidecar(0.5), asking({ cpu: 3 }), sidecar(0.25)];
    expect(requestsOf({ initContainers, containers: [asking({ cpu: 1 })] })).toEqual({ cpu: '3500m' });
    expect(requestsOf({ initContainers, containers: [asking({ cpu: 3 })] })).toEqual({ cpu: '3750m' });
  });

  test('is what the pod asks for as a whole, where it does', () => {
    const spec = { ...asking({ cpu: 2 }), overhead: { cpu: 1 }, containers: [asking({ cpu: 1, memory: '1Gi' })] };
    expect(requestsOf(spec)).toEqual({ cpu: '3', memory: '1Gi' });
  });

  test('is nothing for containers that say nothing', () => {
    expect(requestsOf({ containers: [{ name: 'main' }] })).toEqual({});
  });
});

test('limits are summed apart from requests', () => {
  const { limits } = sessionSize([
    pod({ containers: [asking({ cpu: 1 }, { memory: '1Gi' }), asking({}, { cpu: 2 })] }),
  ]);
  expect(Object.fromEntries(limits)).toEqual({ memory: nano('1Gi'), cpu: nano(2) });
});

test('claims are counted, and their storage is summed', () => {
  expect(sessionSize([claim('5Gi'), claim('512Mi')])).toMatchObject({ pods: 0, claims: 2, storage: nano('5632Mi') });
});

test('amounts far above 2^53 bytes are exact', () => {
  const [one, other] = ['8191Pi', '1023Ti'].map((memory) => asking({ memory }));
  expect(requestsOf({ containers: [one, other] })).toEqual({ memory: `${String(8191 * 1024 * 1024 + 1023 * 1024)}Gi` });
});
