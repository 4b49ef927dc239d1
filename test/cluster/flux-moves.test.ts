import { lab } from '../support/project';
import { kubectl, uniqueName } from './cluster';
import { FluxCohort, together } from './flux-cohort';
import { FluxProject } from './flux-project';
import { objectsOf, settledRemainsOf } from './live-session';

/** What becomes of sessions that are delivered in another way, or belong elsewhere: all moves in one commit. */

const KEPT = {
  values: { volumes: { vmData: { persistence: { enabled: true, storageClassName: 'none' } } } },
};
/** Git alone: what Flux does not prune, another Kustomization takes over. */
const HELD = { values: { annotations: { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' } } };
const cohortOf = (name: string, ...[delivery, spec]: [FluxCohort['delivery'], { namespace?: string }?]) =>
  new FluxCohort(uniqueName(name), delivery, spec);

const toHelm = cohortOf('to-helm', 'kustomize');
const toKustomize = cohortOf('to-kustomize', 'helm');
const gentlyToHelm = cohortOf('gently-to-helm', 'kustomize');
const gentlyToKustomize = cohortOf('gently-to-kustomize', 'helm');
const [left, joined] = [cohortOf('left', 'kustomize'), cohortOf('joined', 'helm')];
const old = cohortOf('old', 'kustomize', { namespace: uniqueName('lab-kept') });
const renamed = old.with({ name: uniqueName('renamed') });

const switched = [toHelm, toKustomize, gentlyToHelm, gentlyToKustomize];
const SWITCHED = { alice: {}, kate: KEPT };
const fleet = new FluxProject(
  'moves',
  {},
  {
    'labs/vm.yaml': lab('vm'),
    ...together(switched.map((one) => one.files(SWITCHED))),
    ...left.files({ mia: {}, noah: {} }),
    ...joined.files({ olga: {} }),
    ...old.files({ paul: HELD }),
  },
);

const inOther = (one: FluxCohort): FluxCohort => one.with({ delivery: one.delivery === 'helm' ? 'kustomize' : 'helm' });

/** The pod of one session and the claim of another. */
const contentOf = (one: FluxCohort): string[] => [
  ...one.pods('alice'),
  ...one.list('persistentvolumeclaims').map(({ metadata }) => metadata.uid),
];

/** What of a cohort is kept without the delivery it has, as one commands it by hand before the commit. */
function hold(one: FluxCohort): void {
  const [manager, place] = ['--field-manager=flux', ['-n', one.namespace]];
  if (one.delivery === 'helm') {
    for (const release of one.releases())
      kubectl.run(['patch', release, ...place, manager, '--type=merge', '-p', '{"spec":{"suspend":true}}']);
    return;
  }
  const annotation = 'kustomize.toolkit.fluxcd.io/prune=disabled';
  for (const id of Object.keys(SWITCHED))
    for (const { kind, metadata } of objectsOf(one.namespace, id))
      kubectl.run(['annotate', `${kind}/${metadata.name}`, ...place, manager, annotation]);
}

let before: Record<string, string[]> = {};
let [mia, paul]: string[][] = [];

beforeAll(() => {
  fleet.bootstrap();
  const first = [...switched, left, joined, old];
  fleet.sync(...first.map(({ name }) => name));
  for (const one of first) one.settle();
  before = Object.fromEntries(switched.map((one) => [one.name, contentOf(one)]));
  [mia, paul] = [left.pods('mia'), old.pods('paul')];
  for (const one of [gentlyToHelm, gentlyToKustomize]) hold(one);

  fleet.remove(left.file('mia'), old.folder);
  fleet.write(together(switched.map((one) => inOther(one).files(SWITCHED))));
  fleet.write({ ...joined.files({ mia: {} }), ...renamed.files({ paul: {} }) });
  fleet.deliver(...[...switched, left, joined, renamed].map(({ name }) => name));
  for (const one of [...switched.map(inOther), joined]) one.settle();
});
afterAll(() => {
  fleet.end();
});

test('from Kustomize to Helm: pod and claims are others, once Flux has put back what went last', () => {
  expect(before[toHelm.name]).toHaveLength(2);
  inOther(toHelm).putBack(fleet);
  for (const name of ['alice', 'kate']) {
    const wait = ['wait', '--for=create', `deployment/lab-session-${name}`, '-n', toHelm.namespace, '--timeout=60s'];
    kubectl.run(wait);
  }
  const after = contentOf(toHelm);
  expect(after).toHaveLength(2);
  for (const id of after) expect(before[toHelm.name]).not.toContain(id);
});

test('from Helm to Kustomize: pod and claims are others, once Flux has applied anew what Helm removed last', () => {
  expect(before[toKustomize.name]).toHaveLength(2);
  // It depends on who is faster whether something is there before that.
  for (const name of ['alice', 'kate'])
    kubectl.run([
      'wait',
      '--for=delete',
      `helmrelease/lab-session-${name}`,
      '-n',
      toKustomize.namespace,
      '--timeout=60s',
    ]);
  inOther(toKustomize).putBack(fleet);
  const after = contentOf(toKustomize);
  expect(after).toHaveLength(2);
  for (const id of after) expect(before[toKustomize.name]).not.toContain(id);
});

test('from Kustomize to Helm with pruning disabled by hand: pod and claims stay', () => {
  inOther(gentlyToHelm).putBack(fleet);
  expect(contentOf(gentlyToHelm)).toEqual(before[gentlyToHelm.name]);
});

test('from Helm to Kustomize, the releases suspended by hand: pod and claims stay', () => {
  inOther(gentlyToKustomize).putBack(fleet);
  expect(gentlyToKustomize.releases()).toEqual([]);
  expect(contentOf(gentlyToKustomize)).toEqual(before[gentlyToKustomize.name]);
});

test('the file of a session in another cohort: another pod in the other namespace, and nothing is left in the first', async () => {
  expect(mia).toHaveLength(1);
  expect(joined.pods('mia')).toHaveLength(1);
  expect(joined.pods('mia')).not.toEqual(mia);
  expect(await settledRemainsOf(left.namespace, 'mia')).toEqual([]);
  expect(left.pods('noah')).toHaveLength(1);
});

test('a cohort with another name and the same namespace: its session, annotated before, keeps its pod, and the old name is gone', () => {
  expect(paul).toHaveLength(1);
  expect(renamed.pods('paul')).toEqual(paul);
  expect(
    kubectl.list('kustomizations,serviceaccounts', '-n', fleet.flux).map(({ metadata }) => metadata.name),
  ).not.toContain(`lab-${old.name}`);
});
