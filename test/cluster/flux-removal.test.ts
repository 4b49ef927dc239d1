import { lab } from '../support/project';
import { kubectl, uniqueName } from './cluster';
import { DELIVERIES, FluxCohort, together } from './flux-cohort';
import { FluxProject } from './flux-project';
import { settledRemainsOf } from './live-session';

/** What is left of cohorts that are removed from Git. */

const own = DELIVERIES.map((delivery) => new FluxCohort(uniqueName(`own-${delivery}`), delivery));
/** Cohorts in a namespace that stays. */
const guests = DELIVERIES.map(
  (delivery) => new FluxCohort(uniqueName(`guest-${delivery}`), delivery, { namespace: 'default' }),
);
const stayed = new FluxCohort(uniqueName('stayed'), 'kustomize');
const cohorts = [...own, ...guests];
const idsOf = ({ name }: FluxCohort): string[] => ['a', 'b', 'c'].map((id) => `${id}-${name}`);

const fleet = new FluxProject(
  'removal',
  {},
  {
    'labs/vm.yaml': lab('vm'),
    ...together([...cohorts, stayed].map((one) => one.files(Object.fromEntries(idsOf(one).map((id) => [id, {}]))))),
  },
);

/** Whatever has a name that ends so: of the whole cluster, of Flux, and of roles in a namespace that stays. */
function namedAfter(...names: string[]): string[] {
  const list = (...args: string[]): string[] =>
    kubectl
      .run(['get', '-o', 'name', ...args])
      .trim()
      .split('\n');
  const found = [
    ...list(
      'namespaces,validatingadmissionpolicies,validatingadmissionpolicybindings,clusterroles,clusterrolebindings',
    ),
    ...list('kustomizations,serviceaccounts', '-n', fleet.flux),
    ...list('roles,rolebindings,serviceaccounts,helmreleases,helmcharts,gitrepositories', '-n', 'default'),
  ];
  return found.filter((name) => names.some((ending) => name.endsWith(ending)));
}

function waitUntilGone(namespace: string): void {
  kubectl.run(['wait', '--for=delete', `namespace/${namespace}`, '--timeout=60s']);
}

beforeAll(() => {
  fleet.bootstrap();
  fleet.sync(...[...cohorts, stayed].map(({ name }) => name));
  for (const one of [...cohorts, stayed]) one.settle();
});
afterAll(() => {
  fleet.end();
});

test('there are sessions, and what Flux needs for them', () => {
  for (const one of cohorts) for (const id of idsOf(one)) expect(one.pods(id)).toHaveLength(1);
  expect(namedAfter(...cohorts.map(({ name }) => name)).length).toBeGreaterThan(10);
});

test('cohorts that are removed leave nothing behind, but for their identities in a namespace that stays', async () => {
  fleet.remove(...cohorts.map(({ folder }) => folder));
  fleet.deliver(stayed.name);
  for (const { namespace } of own) waitUntilGone(namespace);
  for (const one of guests) for (const id of idsOf(one)) expect(await settledRemainsOf('default', id)).toEqual([]);
  expect(namedAfter(...own.map(({ name }) => name))).toEqual([]);
  // Where the namespace stays, so does what Flux removes sessions as, and nothing else.
  const kept = namedAfter(...guests.map(({ name }) => name));
  expect(kept.filter((name) => !/^(serviceaccount|role|rolebinding)[./]/.test(name))).toEqual([]);
  expect(kept).toHaveLength(7);
  for (const { name } of guests)
    for (const place of ['default', fleet.flux])
      kubectl.run([
        'delete',
        `role/${name}`,
        `rolebinding/${name}`,
        `serviceaccount/${name}`,
        '-n',
        place,
        '--ignore-not-found',
      ]);
  expect(stayed.pods(idsOf(stayed)[0] ?? '')).toHaveLength(1);
});

test('so does the last one', () => {
  fleet.remove(stayed.folder);
  fleet.deliver();
  waitUntilGone(stayed.namespace);
  expect(namedAfter(stayed.name)).toEqual([]);
});
