import { lab } from '../support/project';
import { ArgocdProject } from './argocd-project';
import { kubectl, removeAtEnd, uniqueName } from './cluster';
import { FluxCohort, together, type Delivery } from './flux-cohort';
import { objectsOf } from './live-session';

/** What becomes of sessions whose cohort moves between Flux and Argo CD: all moves in one commit. */

type AnyDelivery = Delivery | 'argocd';
type AnyCohort = FluxCohort<AnyDelivery>;

const cohortOf = (name: string, delivery: AnyDelivery, spec: { namespace?: string } = {}): AnyCohort =>
  new FluxCohort(uniqueName(name), delivery, spec);

/** The sessions of each cohort: one with a pod only, one with a claim. */
const SESSIONS = {
  alice: {},
  kate: { values: { volumes: { vmData: { persistence: { enabled: true, storageClassName: 'none' } } } } },
};

const fromKustomize = cohortOf('argo-from-kustomize', 'kustomize');
const gentlyFromKustomize = cohortOf('argo-gently-from-kustomize', 'kustomize');
const gentlyFromHelm = cohortOf('argo-gently-from-helm', 'helm');
const fromHelm = cohortOf('argo-from-helm', 'helm');
const toKustomize = cohortOf('argo-to-kustomize', 'argocd');
const toHelm = cohortOf('argo-to-helm', 'argocd');

const shared = { namespace: uniqueName('lab-argo-shared') };
const gentlyFromShared = cohortOf('argo-from-shared', 'argocd', shared);
const stayed = cohortOf('argo-stayed', 'argocd', shared);
const old = cohortOf('argo-old', 'argocd', { namespace: uniqueName('lab-argo-kept') });
const renamed = old.with({ name: uniqueName('argo-renamed') });

const fromFlux = [fromKustomize, fromHelm, gentlyFromKustomize, gentlyFromHelm];
const fromArgocd = [toKustomize, toHelm, gentlyFromShared, old];
const toFlux = [
  toKustomize.with({ delivery: 'kustomize' }),
  toHelm.with({ delivery: 'helm' }),
  gentlyFromShared.with({ delivery: 'kustomize' }),
];
const all = [...fromFlux, ...fromArgocd];

const execBackend = uniqueName('argo-exec');
const fleet = new ArgocdProject(
  'moves',
  { execBackend: { namespace: execBackend } },
  { 'labs/vm.yaml': lab('vm'), ...together([...all.map((one) => one.files(SESSIONS)), stayed.files({ stan: {} })]) },
);

/** The pod of one session and the claim of another. */
const contentOf = (one: AnyCohort): string[] => [
  ...one.pods('alice'),
  ...one
    .list('persistentvolumeclaims')
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata.uid),
];

/** What keeps the sessions of a cohort, as docs/argocd.md has it. */
function hold(one: AnyCohort): void {
  const [manager, place] = ['--field-manager=flux', ['-n', one.namespace]];
  for (const release of one.releases())
    kubectl.run(['patch', release, ...place, manager, '--type=merge', '-p', '{"spec":{"suspend":true}}']);
  if (one.delivery === 'helm') return;
  const annotation =
    one.delivery === 'argocd'
      ? 'argocd.argoproj.io/sync-options=Delete=false'
      : 'kustomize.toolkit.fluxcd.io/prune=disabled';
  for (const id of Object.keys(SESSIONS))
    for (const { kind, metadata } of objectsOf(one.namespace, id))
      kubectl.run(['annotate', `${kind}/${metadata.name}`, ...place, manager, annotation]);
}

const names = (cohorts: readonly AnyCohort[]): string[] => cohorts.map(({ name }) => name);

let before: Record<string, string[]> = {};

beforeAll(async () => {
  removeAtEnd('namespace', execBackend);
  fleet.bootstrap();
  await fleet.install();
  fleet.sync(...names(fromFlux));
  await fleet.syncByArgocd(...names([...fromArgocd, stayed]));
  for (const one of all) one.settle();
  before = Object.fromEntries(all.map((one) => [one.name, contentOf(one)]));
  for (const one of [gentlyFromKustomize, gentlyFromHelm, gentlyFromShared]) hold(one);

  fleet.write(together(fromFlux.map((one) => one.with({ delivery: 'argocd' }).files(SESSIONS))));
  fleet.write(together([...toFlux, renamed].map((one) => one.files(SESSIONS))));
  fleet.remove(old.folder);
  fleet.push();
  await fleet.syncByArgocd();
  fleet.sync(...names(toFlux));
  for (const one of toFlux) one.putBack(fleet);
  for (const { name } of fromFlux)
    kubectl.run(['wait', '--for=delete', `kustomization/lab-${name}`, '-n', fleet.flux, '--timeout=120s']);
  for (const { namespace } of fromFlux) {
    const gone = ['--for=delete', '--all', '-n', namespace, '--timeout=120s'];
    kubectl.run(['wait', 'helmreleases', ...gone]);
  }
  for (const { name } of [...fromFlux, renamed]) await fleet.settled(name);
}, 600_000);
afterAll(async () => {
  await fleet.stop();
  fleet.end();
});

test('Argo CD applies what Flux applies too, without Kustomize', () => {
  const { annotations = {} } = kubectl.get('namespace', execBackend).metadata;
  expect(annotations['argocd.argoproj.io/tracking-id']).toMatch(new RegExp(`^${fleet.argocd}-infra:`));
});

test('each session has one pod and its claim before', () => {
  for (const one of all) expect(before[one.name]).toHaveLength(2);
});

/** Flux deletes what Argo CD has taken over, unless the service account that it acts as is gone first. */
test.each([
  ['Kustomize', fromKustomize],
  ['Helm', fromHelm],
])('from %s to Argo CD: the session runs, once Argo CD has put back what Flux deleted', (_, one) => {
  expect(contentOf(one)).toHaveLength(2);
});

test.each([
  ['Kustomize, its objects kept by hand from being pruned', gentlyFromKustomize],
  ['Helm, its releases suspended by hand', gentlyFromHelm],
])('from %s to Argo CD: pod and claim stay', (_, one) => {
  expect(contentOf(one)).toEqual(before[one.name]);
});

test.each([
  ['from Argo CD to Kustomize', toKustomize],
  ['from Argo CD to Helm', toHelm],
  ['from a namespace that others share, its objects kept by hand from being deleted', gentlyFromShared],
  ['a cohort with another name and the same namespace', old],
])('%s: pod and claim stay, and the Application is gone', (_, one) => {
  expect(contentOf(one)).toEqual(before[one.name]);
  expect(fleet.applications()).not.toContain(`lab-${one.name}`);
});
