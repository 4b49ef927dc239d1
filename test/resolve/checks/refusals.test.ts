import { capacityReport } from '../../../src/capacity/capacity-report';
import { projectState } from '../../../src/capacity/project-state';
import { problemsOfCode } from '../../support/problems';
import { type Files, project, projectWith, session, smallProject } from '../../support/project';
import { valueAt } from '../../support/values';

const infra = (settings: object, more: object = {}): Files => ({
  'dozlab.yaml': project({ infra: settings, ...more }),
});
const bob = { 'sessions/class/bob.yaml': session('bob') };

const NO_CPU = { cpu: null };
const terminal = (resources: object) => valueAt('terminal.resources', resources);

const refused = (files: Files) => problemsOfCode('not-admitted', { ...bob, ...files });

/** What `capacity` says of the same project. */
const verdictOf = (files: Files) =>
  capacityReport(projectState(projectWith(smallProject({ ...bob, ...files }))), undefined, undefined).verdict;

describe('a LimitRange that refuses the pods of sessions', () => {
  const low = infra({ limitRange: { max: { memory: '1Gi' } } });

  test('is a warning with the bound, as the Deployments are admitted', () => {
    const [problem, ...others] = refused(low);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ severity: 'warning', path: 'spec.infra.limitRange.max.memory' });
    for (const part of [
      '2 sessions (alice, bob) in lab-class',
      'maximum memory usage per Container is 1Gi, but limit is 2Gi',
    ])
      expect(problem?.message).toContain(part);
  });

  test('is an error for bare Pods, which fail an all-or-nothing apply', () => {
    const pods = infra({ limitRange: { max: { memory: '1Gi' } } }, { values: { workload: { kind: 'Pod' } } });
    expect(refused(pods)).toEqual([expect.objectContaining({ severity: 'error' })]);
  });

  test('refuses in capacity too', () => {
    expect(verdictOf(low)).toMatchObject({
      fits: false,
      reasons: [{ scope: 'admission', cohorts: ['class'], namespace: 'lab-class', sessions: ['alice', 'bob'] }],
    });
  });

  test('adds a limit that is below the request of a container', () => {
    const values = terminal({ limits: NO_CPU, requests: { cpu: 9 } });
    const [problem] = refused(infra({ limitRange: { max: { cpu: 8 } } }, { values }));
    expect(problem?.path).toBe('spec.infra.limitRange.max.cpu');
    expect(problem?.message).toContain('must be less than or equal to cpu limit of 8');
  });

  test('is silent if it is off, has room, or sessions are suspended', () => {
    expect(refused(infra({ limitRange: { enabled: false, max: { memory: '1Gi' } } }))).toEqual([]);
    expect(refused(infra({ limitRange: { max: { memory: '2Gi' } } }))).toEqual([]);
    const off = (id: string) => session(id, { suspended: true });
    const files = { 'sessions/class/alice.yaml': off('alice'), 'sessions/class/bob.yaml': off('bob') };
    expect(refused({ ...low, ...files })).toEqual([]);
  });
});

test('a LimitRange adds requests that the quota counts', () => {
  const limitRange = { defaultRequest: { cpu: '70m' } };
  const values = terminal({ limits: NO_CPU, requests: NO_CPU });
  const files = infra({ limitRange, quota: { hard: { 'requests.cpu': 99 } } }, { values });
  const { capacity } = capacityReport(projectState(projectWith(smallProject(files))), undefined, undefined);
  // 500m of the microVM, 250m of code-server, and the default of the terminal.
  expect(capacity.total.requests.get('cpu')).toBe(820n * 10n ** 6n);
});

test('a quota of limits refuses containers without them', () => {
  const values = valueAt('terminal.resources.limits', { cpu: null });
  const [problem] = refused(infra({ quota: { hard: { 'limits.cpu': 99 } } }, { values }));
  expect(problem).toMatchObject({ path: 'spec.infra.quota.hard["limits.cpu"]', severity: 'warning' });
  expect(problem?.message).toContain('must specify limits.cpu for: terminal-sidecar');
});

describe('quota keys without effect', () => {
  const warned = (key: string) =>
    problemsOfCode('has-no-effect', { ...bob, ...infra({ quota: { hard: { [key]: 1 } } }) });

  test.each([
    ['devices.kubevirt.io/kvm', 'accepted: requests.devices.kubevirt.io/kvm'],
    ['limits.devices.kubevirt.io/kvm', 'accepted: requests.devices.kubevirt.io/kvm'],
    ['count/deployments', 'accepted: count/deployments.apps'],
    ['count/ingresses.extensions', 'accepted: count/ingresses.networking.k8s.io'],
    ['count/events', 'accepted: leave it out'],
  ])('%s', (key, accepted) => {
    const [warning] = warned(key);
    expect(warning).toMatchObject({ severity: 'warning', path: `spec.infra.quota.hard["${key}"]` });
    expect(warning?.message).toContain(accepted);
    expect(problemsOfCode('over-quota', { ...bob, ...infra({ quota: { hard: { [key]: 1 } } }) })).toEqual([]);
    expect(verdictOf(infra({ quota: { hard: { [key]: 1 } } })).fits).not.toBe(false);
  });

  test.each(['requests.devices.kubevirt.io/kvm', 'count/deployments.apps', 'pods', 'count/widgets.example.com'])(
    'but %s has one',
    (key) => {
      expect(warned(key)).toEqual([]);
    },
  );
});

describe('quotas of objects', () => {
  const counts = (hard: object, values: object = {}) =>
    problemsOfCode('over-quota', { ...bob, ...infra({ quota: { hard } }, { values }) });

  test.each([
    [{ services: 1 }, {}, 'services 2 of 1'],
    [{ 'services.nodeports': 0 }, { service: { type: 'NodePort' } }, 'services.nodeports 6 of 0'],
    [{ 'services.loadbalancers': 1 }, { service: { type: 'LoadBalancer' } }, 'services.loadbalancers 2 of 1'],
    [{ 'count/deployments.apps': 1 }, {}, 'count/deployments.apps 2 of 1'],
    [{ secrets: 1 }, {}, 'secrets 2 of 1'],
    // One of each session, and default-deny, helm-test, acme-solver and session-isolation.
    [{ 'count/networkpolicies.networking.k8s.io': 5 }, {}, 'count/networkpolicies.networking.k8s.io 6 of 5'],
  ])('%j is an error: an apply fails', (hard, values, amount) => {
    const [problem] = counts(hard, values);
    expect(problem?.severity).toBe('error');
    expect(problem?.message).toContain(amount);
  });

  test('of several kinds are one error, and capacity says the same', () => {
    const hard = { services: 1, 'services.nodeports': 0, 'count/deployments.apps': 1 };
    const values = { service: { type: 'NodePort' } };
    const [problem, ...others] = counts(hard, values);
    expect(others).toEqual([]);
    for (const part of ['services 2 of 1', 'services.nodeports 6 of 0', 'count/deployments.apps 2 of 1'])
      expect(problem?.message).toContain(part);
    const { fits, reasons } = verdictOf(infra({ quota: { hard } }, { values }));
    expect(fits).toBe(false);
    expect(reasons.map(({ scope, resource }) => [scope, resource])).toEqual(
      Object.keys(hard).map((resource) => ['quota', resource]),
    );
  });

  test('of ReplicaSets is a warning: a controller creates them', () => {
    expect(counts({ 'count/replicasets.apps': 1 })).toEqual([expect.objectContaining({ severity: 'warning' })]);
  });

  test.each(['resourcequotas', 'count/resourcequotas', 'configmaps', 'count/configmaps'])(
    'of 0 %s admit what exists before the quota',
    (key) => {
      expect(counts({ [key]: 0 })).toEqual([]);
    },
  );

  test('has room for as many as there are', () => {
    expect(counts({ services: 2, 'count/networkpolicies.networking.k8s.io': 6, configmaps: 1, secrets: 2 })).toEqual(
      [],
    );
  });
});
