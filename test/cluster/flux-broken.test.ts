import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lab, session } from '../support/project';
import { kubectl, uniqueName } from './cluster';
import { DELIVERIES, FluxCohort, type Delivery } from './flux-cohort';
import { FluxProject } from './flux-project';
import { request } from './reconcile';

/** Sessions that the cluster refuses, wholly or in part, and what becomes of the others. */

/** Room for one pod, and for more claims. */
const LIMITS = {
  maxSessions: 1,
  infra: { quota: { hard: { persistentvolumeclaims: '5', 'requests.storage': '1Ti' } } },
};

const cohorts: Record<Delivery, FluxCohort> = {
  kustomize: new FluxCohort(uniqueName('broken-kustomize'), 'kustomize', LIMITS),
  helm: new FluxCohort(uniqueName('broken-helm'), 'helm', LIMITS),
};
const fleet = new FluxProject(
  'broken',
  {},
  { 'labs/vm.yaml': lab('vm'), ...cohorts.kustomize.files({ alice: {} }), ...cohorts.helm.files({ alice: {} }) },
);

/** A session of a cohort with a label, by which one sees that a commit has arrived. */
const labelled = (course: string) => session('alice', { values: { labels: { course } } });
const courseOf = (one: FluxCohort): string | undefined => one.deployment('alice').metadata.labels?.['course'];

/** Has Flux do all that it does of itself, with whatever success. */
function attempt(one: FluxCohort): void {
  fleet.sync();
  request(fleet.flux, `kustomization/lab-${one.name}`);
  if (one.delivery === 'helm') request(one.namespace, ...one.releases());
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message: string;
}

/** What a condition of an object says when it is not so. Between two attempts of Flux it says nothing for a moment. */
function refusalOf(object: string, namespace: string, condition: string): string {
  for (let attempts = 0; attempts < 60; attempts += 1) {
    kubectl.run(['wait', object, '-n', namespace, `--for=condition=${condition}=False`, '--timeout=60s']);
    const { conditions = [] } = kubectl.get(object, '-n', namespace)['status'] as { conditions?: Condition[] };
    const refused = conditions.find(({ type, status }) => type === condition && status === 'False');
    if (refused !== undefined) return refused.message;
  }
  throw new Error(`${object} is refused again and again, and never says why`);
}

/** Why a cohort is not as Git has it. */
const cohortRefusal = (one: FluxCohort): string => refusalOf(`kustomization/lab-${one.name}`, fleet.flux, 'Ready');

/** Why a release is not as Git has it; its condition Ready only says when it is tried again. */
const releaseRefusal = (one: FluxCohort, id: string): string =>
  refusalOf(`helmrelease/lab-session-${id}`, one.namespace, 'Released');

/** Why a session's pod is refused, by its Deployment and by dozlab. */
function expectRefused(one: FluxCohort, id: string, message: string): void {
  const deployment = `deployment/lab-session-${id}`;
  kubectl.run(['wait', deployment, '-n', one.namespace, '--for=condition=ReplicaFailure', '--timeout=60s']);
  expect(JSON.stringify(one.deployment(id)['status'])).toContain(message);
  const [told] = JSON.parse(fleet.run('status', `${one.name}/${id}`, '-o', 'json')) as unknown[];
  expect(told).toMatchObject({ state: 'refused', message: expect.stringContaining(message) as unknown });
}

beforeAll(() => {
  fleet.bootstrap();
  fleet.sync(cohorts.kustomize.name, cohorts.helm.name);
  cohorts.helm.settle();
});
afterAll(() => {
  fleet.end();
});

describe.each(DELIVERIES)('delivery %s', (delivery) => {
  const one = cohorts[delivery];
  const other = cohorts[delivery === 'helm' ? 'kustomize' : 'helm'];
  let pods: string[] = [];

  beforeAll(() => {
    pods = one.pods('alice');
  });

  test('one session over the quota: predicted, its pod rejected, the rest of the commit applied', () => {
    fleet.write({ [one.file('zoe')]: session('zoe'), [one.file('alice')]: labelled('with-zoe') });
    expect(fleet.run('validate')).toMatch(/warning.*over-quota/);
    one.deliver(fleet);
    expectRefused(one, 'zoe', 'exceeded quota');
    expect(courseOf(one)).toBe('with-zoe');
    fleet.remove(one.file('zoe'));
  });

  test('an image that the namespace forbids: predicted, rejected, the rest of the commit applied', () => {
    const values = { codeServer: { image: 'example.com/other' } };
    fleet.write({ [one.file('ivan')]: session('ivan', { values }), [one.file('alice')]: labelled('with-ivan') });
    expect(fleet.run('validate')).toMatch(/warning.*not-admitted/);
    one.deliver(fleet);
    expectRefused(one, 'ivan', 'takes only images');
    expect(courseOf(one)).toBe('with-ivan');
    fleet.remove(one.file('ivan'));
  });

  test('a change that an object does not take: others of the cohort get theirs by Helm, by Kustomize when it is taken back', () => {
    const claim = (storageClassName: string) =>
      session('claire', { values: { volumes: { vmData: { persistence: { enabled: true, storageClassName } } } } });
    fleet.write({ [one.file('claire')]: claim('one') });
    one.deliver(fleet);
    fleet.write({ [one.file('claire')]: claim('another'), [one.file('alice')]: labelled('with-claire') });
    fleet.push();
    attempt(one);
    expect(delivery === 'helm' ? releaseRefusal(one, 'claire') : cohortRefusal(one)).toContain('immutable');
    expect(courseOf(one)).toBe(delivery === 'helm' ? 'with-claire' : 'with-ivan');

    fleet.write({ [one.file('claire')]: claim('one') });
    one.deliver(fleet);
    expect(courseOf(one)).toBe('with-claire');
    fleet.remove(one.file('claire'));
  });

  test('a file that the API server does not take: the cohort stays as it is, and another one gets what is new', () => {
    fleet.write({ [one.file('alice')]: labelled('with-error'), [other.file('alice')]: labelled(`beside-${delivery}`) });
    fleet.run('synth');
    const path = `dist/${delivery === 'helm' ? 'releases' : 'sessions'}/${one.name}/alice.yaml`;
    const text = readFileSync(join(fleet.git.folder, path), 'utf8');
    fleet.write({ [path]: `${text}\nunknown: [` });
    fleet.git.push();
    fleet.sync(other.name);
    other.settle();
    attempt(one);
    expect(cohortRefusal(one)).toMatch(/alice\.yaml/);
    expect([courseOf(one), courseOf(other)]).toEqual(['with-claire', `beside-${delivery}`]);
    one.deliver(fleet);
    expect(courseOf(one)).toBe('with-error');
  });

  test('the pod of the other session has stayed through all that', () => {
    expect(pods).toHaveLength(1);
    expect(one.pods('alice')).toEqual(pods);
  });
});
