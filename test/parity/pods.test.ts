import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mapping } from '@dozlab/charts/schema';
import type { Manifest } from '@dozlab/charts/yaml';
import { chartFiles } from '../../src/manifests/chart/files';
import { containersOf, podOf, type Pod } from '../support/manifests';
import { temporaryFolder } from '../support/project';
import { valuesWith } from '../support/values';
import { HELMS, objectsIn, template, writeFiles, type Helm } from './helm';

const nodeAffinity = {
  requiredDuringSchedulingIgnoredDuringExecution: {
    nodeSelectorTerms: [{ matchExpressions: [{ key: 'kvm', operator: 'Exists' }] }],
  },
};

/** Of two sessions, one is on each node. */
const podAntiAffinity = {
  requiredDuringSchedulingIgnoredDuringExecution: [
    { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'lab-environment' } } },
  ],
};

/** What holds for every pod. */
const COMMON = {
  imagePullSecrets: [{ name: 'registry' }, { name: 'mirror' }],
  priorityClassName: 'labs',
  runtimeClassName: 'kata',
  nodeSelector: { 'example.com/kvm': 'true', 'example.com/number': '007' },
  tolerations: [{ key: 'labs', operator: 'Exists', tolerationSeconds: 60, effect: 'NoExecute' }],
};

const GIVEN: Mapping = { ...COMMON, imagePullPolicy: 'Never', affinity: { nodeAffinity, podAntiAffinity } };

async function podsOf(program: Helm, over: Mapping): Promise<Map<string, Pod>> {
  const file = join(temporaryFolder(), 'values.json');
  writeFileSync(file, JSON.stringify(valuesWith(over)));
  const objects = objectsIn(await template(program, writeFiles(temporaryFolder(), chartFiles()), file));
  return new Map(
    objects.flatMap((object): [string, Pod][] => {
      const pod = podOf(object as Manifest);
      return pod === undefined ? [] : [[`${object.kind} ${object.metadata.name}`, pod]];
    }),
  );
}

const TEST_POD = 'Pod lab-test-alice-001';

describe.each(HELMS)('with %s', (program) => {
  test.each([
    ['Deployment lab-session-alice-001', {}],
    ['Pod lab-session-alice-001', { workload: { kind: 'Pod' } }],
  ])(
    'every pod of the chart pulls images as the values say and runs where they say: %s',
    async (name, over: Mapping) => {
      const pods = await podsOf(program, { ...GIVEN, ...over });
      expect([...pods.keys()].sort()).toEqual([name, TEST_POD].sort());
      for (const pod of pods.values()) {
        expect(new Set(containersOf(pod).map(({ imagePullPolicy }) => imagePullPolicy))).toEqual(new Set(['Never']));
        expect(pod.spec).toMatchObject(COMMON);
        expect(pod.spec).toMatchObject({ affinity: { nodeAffinity }, automountServiceAccountToken: false });
      }
    },
  );

  test('the pod of helm test may run beside the session', async () => {
    const pods = await podsOf(program, GIVEN);
    expect(pods.get(TEST_POD)?.spec).toMatchObject({ affinity: { nodeAffinity } });
    expect(JSON.stringify(pods.get(TEST_POD))).not.toContain('podAntiAffinity');
    const others = await podsOf(program, { affinity: { podAntiAffinity } });
    expect(others.get(TEST_POD)?.spec).not.toHaveProperty('affinity');
  });

  test('pods have none of it when the values do not say it', async () => {
    for (const pod of (await podsOf(program, {})).values()) {
      for (const field of [...Object.keys(COMMON), 'affinity']) expect(pod.spec).not.toHaveProperty(field);
      for (const container of containersOf(pod)) expect(container).not.toHaveProperty('imagePullPolicy');
    }
  });
});
