import { parseAllDocuments } from 'yaml';
import type { Manifest } from '@dozlab/charts/yaml';
import { synthesizeProject } from '../../src/synth/synthesize';
import { containersOf, podOf } from '../support/manifests';
import { cohort, project, projectWith, session, smallProject } from '../support/project';

const WORKLOADS = /^kind: (Pod|Deployment|DaemonSet|ReplicaSet|ReplicationController|StatefulSet|Job|CronJob)$/m;

/** A project in which everything that has pods is on. */
const files = smallProject({
  'dozlab.yaml': project({
    values: { imagePullPolicy: 'Never', imagePullSecrets: [{ name: 'registry' }] },
    nodes: { devicePlugin: { enabled: true }, prePull: { enabled: true } },
    infra: { podMonitor: { enabled: true } },
    flux: { source: { url: 'https://example.com/labs' } },
    execBackend: {},
  }),
  'sessions/class/bob.yaml': session('bob', { values: { workload: { kind: 'Pod' } } }),
  'sessions/helm/cohort.yaml': cohort('helm', { delivery: 'helm' }),
  'sessions/helm/carol.yaml': session('carol'),
});

const { files: output = [], problems } = synthesizeProject(projectWith(files));
const isTemplate = (path: string): boolean => path.startsWith('charts/');
const withPods = output.filter(({ path, content }) => !path.endsWith('.md') && WORKLOADS.test(content));

test('these files have pods, and no others', () => {
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(withPods.map(({ path }) => path).sort()).toEqual([
    ...['deployment', 'pod', 'tests/reach'].map((name) => `charts/lab-session/templates/${name}.yaml`),
    'nodes/device-plugin.yaml',
    'nodes/pre-pull/lab-vm.yaml',
    'sessions/class/alice.yaml',
    'sessions/class/bob.yaml',
    'sessions/helm/carol.yaml',
  ]);
});

/** The parity tests render the templates. */
test.each(withPods.filter(({ path }) => !isTemplate(path)).map(({ path, content }) => [path, content]))(
  'the pod of %s pulls its images as the values say',
  (_, content) => {
    const pods = parseAllDocuments(content).flatMap((document) => podOf(document.toJS() as Manifest) ?? []);
    expect(pods).toHaveLength(1);
    for (const pod of pods) {
      expect(new Set(containersOf(pod).map(({ imagePullPolicy }) => imagePullPolicy))).toEqual(new Set(['Never']));
      expect(pod.spec.imagePullSecrets).toEqual([{ name: 'registry' }]);
    }
  },
);
