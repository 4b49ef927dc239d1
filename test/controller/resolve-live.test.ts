import { resolveLive, type LiveLayers } from '../../src/controller/resolve-live';

const apiVersion = 'dozlab.io/v1alpha1';

const layers = (spec: object = {}, over: Partial<LiveLayers> = {}): LiveLayers => ({
  projectValues: { terminal: { tag: 'of-the-project' } },
  lab: {
    apiVersion,
    kind: 'Lab',
    metadata: { name: 'vm', namespace: 'lab-a', uid: '1', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { values: { rootfs: { imageUrl: 'https://example.com/a.ext4' }, codeServer: { tag: 'of-the-lab' } } },
  },
  cohort: {
    apiVersion,
    kind: 'Cohort',
    metadata: { name: 'class', namespace: 'lab-a', uid: '2' },
    spec: { values: { labels: { course: 'c1' }, codeServer: { tag: 'of-the-cohort' } } },
  },
  session: {
    apiVersion,
    kind: 'LabSession',
    metadata: { name: 'alice-001', namespace: 'lab-a', uid: '3', generation: 1 },
    spec: { userId: 'alice', lab: 'vm', ...spec },
    status: { phase: 'Ready' },
  },
  ...over,
});

test('values are those of defaults, controller, lab, cohort and session, the last one first', () => {
  const { values, problems } = resolveLive(layers({ values: { firecracker: { vm: { memory: 1024 } } } }));
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(values).toMatchObject({
    session: { id: 'alice-001', userId: 'alice' },
    labels: { course: 'c1' },
    rootfs: { imageUrl: 'https://example.com/a.ext4' },
    terminal: { tag: 'of-the-project' },
    codeServer: { tag: 'of-the-cohort' },
    firecracker: { vm: { memory: 1024 } },
  });
});

test.each<[string, LiveLayers, object]>([
  [
    'a wrong value of the session',
    layers({ values: { rootfs: { diskSize: 'big' } } }),
    { file: 'LabSession/alice-001', path: 'spec.values.rootfs.diskSize' },
  ],
  ['a lab that is not there', layers({}, { lab: undefined }), { file: 'LabSession/alice-001', path: 'spec.lab' }],
  [
    'a wrong value of the cohort',
    layers(
      {},
      { cohort: { apiVersion, kind: 'Cohort', metadata: { name: 'class' }, spec: { values: { labels: 3 } } } },
    ),
    { file: 'Cohort/class', path: 'spec.values.labels' },
  ],
])('%s is told with its object and field', (_, wrong, problem) => {
  const { values, problems } = resolveLive(wrong);
  expect(values).toBeUndefined();
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([expect.objectContaining(problem)]);
});

test('parts that did not change are not parsed again, and changed ones are', () => {
  const first = resolveLive(layers());
  const second = resolveLive(layers({ values: { codeServer: { tag: 'new' } } }), first.documents);
  expect(second.documents.labs[0]?.value).toBe(first.documents.labs[0]?.value);
  expect(second.values?.codeServer.tag).toBe('new');
});
