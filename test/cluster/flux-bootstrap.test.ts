import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lab } from '../support/project';
import { valuesWith } from '../support/values';
import { chartFolder } from './chart';
import { kubectl, letFluxActIn, sessionNamespace, uniqueName } from './cluster';
import { FluxCohort } from './flux-cohort';
import { FluxProject } from './flux-project';
import { podsOf } from './live-session';
import { reconcile } from './reconcile';

/** What is in `fluxcd/` beside our files: that of bootstrap, and a release that people write by hand. */

const namespace = sessionNamespace('bootstrap');
const one = new FluxCohort(uniqueName('beside'), 'kustomize');
const fleet = new FluxProject('bootstrap', {}, { 'labs/vm.yaml': lab('vm') });

const SESSION = 'fluxcd/sessions/session-alice.yaml';
const BY_HAND = [
  SESSION,
  ...['gotk-components', 'gotk-sync', 'kustomization'].map((name) => `fluxcd/flux-system/${name}.yaml`),
];

/** A release as the first guide to this repository has it, with its source beside it, as Flux is locked down. */
const release = (course: string): string =>
  [
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: { name: 'dozlab-infra', namespace },
      spec: { interval: '1h', url: fleet.git.url, ref: { branch: 'main' } },
    },
    {
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name: 'lab-session-alice-001', namespace },
      spec: {
        interval: '5m',
        chart: {
          spec: { chart: 'charts/dozlab-session', sourceRef: { kind: 'GitRepository', name: 'dozlab-infra' } },
        },
        values: valuesWith({ codeServer: { password: 'planted-by-hand' }, labels: { course } }),
      },
    },
  ]
    .map((object) => JSON.stringify(object))
    .join('\n---\n');

const textsByHand = (): string[] => BY_HAND.map((path) => readFileSync(join(fleet.git.folder, path), 'utf8'));
const idsByHand = (): string[] => [
  ...[
    kubectl.get('configmap', 'components', '-n', fleet.flux),
    kubectl.get('helmrelease', '-n', namespace, 'lab-session-alice-001'),
  ].map(({ metadata }) => metadata.uid),
  ...podsOf(namespace, 'alice-001'),
];
const settle = (): void => {
  reconcile(namespace, 'gitrepository/dozlab-infra', 'helmrelease/lab-session-alice-001');
};

beforeAll(() => {
  letFluxActIn(namespace);
  fleet.write({ [SESSION]: release('one') });
  cpSync(chartFolder(), join(fleet.git.folder, 'charts/dozlab-session'), { recursive: true });
  fleet.bootstrap();
  fleet.sync();
  settle();
});
afterAll(() => {
  fleet.end();
});

test('a release by hand runs in a project without cohorts', () => {
  expect(podsOf(namespace, 'alice-001')).toHaveLength(1);
});

test('it and the objects of bootstrap stay while a cohort is added and removed', () => {
  const [texts, ids] = [textsByHand(), idsByHand()];
  fleet.write(one.files({ bob: {} }));
  fleet.deliver(one.name);
  expect(one.pods('bob')).toHaveLength(1);
  expect([textsByHand(), idsByHand()]).toEqual([texts, ids]);
  fleet.remove(one.folder);
  fleet.deliver();
  kubectl.run(['wait', '--for=delete', `namespace/${one.namespace}`, '--timeout=60s']);
  expect([textsByHand(), idsByHand()]).toEqual([texts, ids]);
});

test('a commit that changes it arrives, and its pod stays', () => {
  const before = podsOf(namespace, 'alice-001');
  fleet.write({ [SESSION]: release('two') });
  fleet.deliver();
  settle();
  const { metadata } = kubectl.get('deployment', 'lab-session-alice-001', '-n', namespace);
  expect(metadata.labels).toMatchObject({ course: 'two' });
  expect(podsOf(namespace, 'alice-001')).toEqual(before);
});
