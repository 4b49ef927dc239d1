import { stringify } from 'yaml';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { renderSession } from '../../src/index';
import type { Mapping } from '@dozlab/charts/schema';
import { REPOSITORY } from '../support/cli';
import { addFiles } from '../support/project';
import { RIGHTS, rightsOf, roleOf, type RoleName, type Rights } from '../support/roles';
import { completeValues, valuesWith } from '../support/values';
import { kubectl, sessionNamespace } from './cluster';
import { GitRepository } from './git-repository';
import { Impersonated, holderOf } from './impersonated';
import { textOf } from './kubectl';
import { objectsOf, podsOf, settledRemainsOf } from './live-session';
import { reconcile } from './reconcile';

const ROLES = Object.keys(RIGHTS) as RoleName[];

/** Both instructors have a role of the same name, so each has a namespace of its own. */
const namespace = sessionNamespace('roles');
const withPasswords = sessionNamespace('roles-passwords');
const another = sessionNamespace('roles-another');
const namespaceOf = (role: RoleName): string => (role === 'instructorWithPasswords' ? withPasswords : namespace);

const holder = (role: RoleName): Impersonated => holderOf(role, namespaceOf(role));
const nobody = Impersonated.inGroup('nobody');

const session = (id: string, over: Mapping = {}) =>
  renderSession(completeValues({ session: { id }, codeServer: { password: 'hunter2-hunter2' }, ...over }), namespace);

beforeAll(() => {
  for (const name of ['manager', 'flux']) kubectl.run(['create', 'serviceaccount', name, '-n', namespace]);
  kubectl.apply(
    ROLES.flatMap((role) => {
      const subject = role === 'manager' || role === 'flux' ? role : `${namespaceOf(role)}-${role}`;
      return roleOf(role, namespaceOf(role), [subject]);
    }),
  );
  kubectl.apply([...session('kept'), ...session('pod', { workload: { kind: 'Pod' } })]);
  podsOf(namespace, 'kept');
  podsOf(namespace, 'pod');
});

const POD = ['lab-session-pod', '-n', namespace];
const CODE_SERVER = ['-c', 'code-server'];

/** What everybody who has logged in may do is no right of a role. */
const ownRights = (who: Impersonated, where: string): Rights => {
  const common = rightsOf(nobody.rulesIn(where));
  return Object.fromEntries(Object.entries(rightsOf(who.rulesIn(where))).filter(([name]) => !(name in common)));
};

describe.each(ROLES)('%s', (role) => {
  test('may do what is written down, and nothing else', () => {
    expect(ownRights(holder(role), namespaceOf(role))).toEqual(RIGHTS[role]);
  });

  test('may do nothing in another namespace', () => {
    expect(ownRights(holder(role), another)).toEqual({});
    for (const resource of ['pods', 'secrets', 'deployments'])
      expect(holder(role).refusal('get', resource, '-n', another)).toContain('Forbidden');
  });

  test('has no way to more rights, to the namespace or around the policy of its pods', () => {
    const own = namespaceOf(role);
    const metadata = { name: 'more', namespace: own };
    const rbac = 'rbac.authorization.k8s.io';
    const roleRef = { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' };
    for (const object of [
      { apiVersion: `${rbac}/v1`, kind: 'Role', metadata, rules: [] },
      { apiVersion: `${rbac}/v1`, kind: 'RoleBinding', metadata, roleRef },
      { apiVersion: `${rbac}/v1`, kind: 'ClusterRoleBinding', metadata: { name: 'more' }, roleRef },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata },
      { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: {} },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'more' } },
      { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata },
    ])
      expect([object.kind, holder(role).refusalOf(object)]).toEqual([object.kind, expect.stringMatching(/forbidden/i)]);
    for (const args of [
      ['delete', 'namespace', own],
      ['label', 'namespace', own, 'x=y'],
      ['delete', 'resourcequota', 'any', '-n', own],
      ['get', 'nodes'],
      ['create', 'token', 'default', '-n', own],
      ['delete', 'validatingadmissionpolicybinding', 'any'],
    ])
      expect([args, holder(role).refusal(...args)]).toEqual([args, expect.stringMatching(/forbidden/i)]);
  });
});

describe('a session manager', () => {
  const manager = holder('manager');
  const everything: Mapping = {
    volumes: { vmData: { persistence: { enabled: true } } },
    ingress: { enabled: true, vscode: { host: 'x.example.com' } },
    httpRoute: { enabled: true, parentRefs: [{ name: 'web' }], vscode: { host: 'x.example.com' } },
  };
  const apply = (id: string, over: Mapping = {}): string =>
    manager.run(['apply', '--server-side', '-f', '-'], textOf(session(id, over)));

  test('makes, changes and removes a session of every kind of object', async () => {
    apply('full', everything);
    apply('full', { ...everything, labels: { course: 'next' } });
    const made = objectsOf(namespace, 'full');
    expect(made).toHaveLength(7);
    for (const { kind, metadata } of made) {
      expect(metadata.labels).toMatchObject({ course: 'next' });
      manager.run(['delete', kind, metadata.name, '-n', namespace]);
    }
    expect(await settledRemainsOf(namespace, 'full')).toEqual([]);
  });

  test('follows a session, restarts it, suspends it and starts it again', () => {
    const its = ['pod', '-n', namespace, '-l', 'session-id=paused', '--timeout=60s'];
    apply('paused');
    manager.run(['rollout', 'status', 'deployment/lab-session-paused', '-n', namespace, '--timeout=60s']);
    manager.run(['wait', '--for=condition=Ready', ...its]);
    expect(manager.run(['logs', 'deployment/lab-session-paused', '-n', namespace, ...CODE_SERVER])).toContain('line');
    manager.run(['delete', ...its]);
    expect(podsOf(namespace, 'paused')).toHaveLength(1);
    apply('paused', { suspended: true });
    expect(podsOf(namespace, 'paused')).toEqual([]);
    apply('paused', { suspended: false });
    expect(podsOf(namespace, 'paused')).toHaveLength(1);
  });

  test('makes, follows and removes a session that is a Pod', () => {
    manager.run(['create', '-f', '-'], textOf(session('bare', { workload: { kind: 'Pod' } })));
    const pod = ['pod/lab-session-bare', '-n', namespace];
    manager.run(['wait', '--for=condition=Ready', ...pod, '--timeout=60s']);
    expect(manager.run(['logs', ...pod, ...CODE_SERVER])).toContain('log line');
    manager.run(['delete', ...pod, '--timeout=60s']);
    expect(kubectl.try(['get', ...pod])).toBe(false);
  });

  test.each([
    ['run commands in a session', ['exec', ...POD, '--', 'true']],
    ['add a container to a session', ['debug', ...POD, '--image=x', '--', 'true']],
    ['make other workloads', ['create', 'job', 'x', '--image=x', '-n', namespace]],
  ])('cannot %s', (_, args) => {
    expect(manager.refusal(...args)).toMatch(/forbidden/i);
  });
});

describe('a viewer', () => {
  const viewer = holder('viewer');

  test('sees sessions, what they log and why they do not start', () => {
    expect(viewer.run(['get', 'deployments,pods,pvc,ingresses', '-n', namespace, '-o', 'name'])).toContain(
      'deployment.apps/lab-session-kept',
    );
    expect(viewer.run(['logs', ...POD, ...CODE_SERVER])).toContain('log line');
    expect(viewer.refusal('events', '-n', namespace)).toBe('');
  });

  test.each([
    ['see passwords', ['get', 'secrets', '-n', namespace]],
    ['read a password', ['get', 'secret', 'lab-session-kept-secrets', '-n', namespace]],
    ['run commands', ['exec', ...POD, ...CODE_SERVER, '--', 'true']],
    ['attach', ['attach', ...POD, ...CODE_SERVER]],
    ['forward ports', ['port-forward', ...POD, ':8080']],
    ['copy files', ['cp', `${namespace}/lab-session-pod:/etc/hostname`, '/dev/null', ...CODE_SERVER]],
    ['restart', ['delete', 'pod', ...POD]],
    ['stop', ['scale', 'deployment/lab-session-kept', '-n', namespace, '--replicas=0']],
    ['change', ['label', 'pod', ...POD, 'x=y']],
  ])('cannot %s', (_, args) => {
    expect(viewer.refusal(...args)).toMatch(/forbidden/i);
  });
});

describe('an instructor', () => {
  const instructor = holder('instructor');

  test('runs commands in a session', () => {
    expect(instructor.run(['exec', ...POD, ...CODE_SERVER, '--', 'echo', 'here'])).toBe('here\n');
  });

  test('forwards ports of a session', async () => {
    const forward = instructor.start('port-forward', ...POD, ':8080');
    expect(await forward.until(/127\.0\.0\.1:\d+ -> 8080/)).toHaveLength(1);
    forward.end();
  });

  test('attaches to a session and shows its further output', async () => {
    const attached = instructor.start('attach', ...POD, ...CODE_SERVER);
    const line = `printed in ${namespace}`;
    const print = `echo "2026-01-01T00:00:00.000000000Z stdout F ${line}" >> attached.log`;
    const seen = await attached.until(new RegExp(line), () =>
      instructor.run(['exec', ...POD, ...CODE_SERVER, '--', 'sh', '-c', print]),
    );
    expect(seen[0]).toBe(line);
    attached.end();
  });

  test('restarts, stops and starts a session', () => {
    const before = podsOf(namespace, 'kept');
    instructor.run(['delete', 'pod', '-n', namespace, '-l', 'session-id=kept', '--timeout=60s']);
    const restarted = podsOf(namespace, 'kept');
    expect(restarted).toHaveLength(1);
    expect(restarted).not.toEqual(before);

    const scale = (replicas: number): string =>
      instructor.run(['scale', 'deployment/lab-session-kept', '-n', namespace, `--replicas=${String(replicas)}`]);
    scale(0);
    expect(podsOf(namespace, 'kept')).toEqual([]);
    scale(1);
    expect(podsOf(namespace, 'kept')).toHaveLength(1);
  });

  test.each([
    ['read a password', ['get', 'secret', 'lab-session-kept-secrets', '-n', namespace]],
    ['make sessions', ['create', 'deployment', 'x', '--image=x', '-n', namespace]],
    ['make pods', ['run', 'x', '--image=x', '-n', namespace]],
    ['change what runs', ['set', 'image', 'deployment/lab-session-kept', 'code-server=x', '-n', namespace]],
    ['end a session', ['delete', 'deployment/lab-session-kept', '-n', namespace]],
    ['add a container', ['debug', 'pod/lab-session-pod', '-n', namespace, '--image=x', '--', 'x']],
    ['change the isolation', ['delete', 'networkpolicy', 'any', '-n', namespace]],
    ['be in sessions of another cohort', ['exec', 'any', '-n', another, '--', 'true']],
  ])('cannot %s', (_, args) => {
    expect(instructor.refusal(...args)).toMatch(/forbidden/i);
  });

  test('who may read passwords reads them one by one, but cannot list, change or remove them', () => {
    const reader = holder('instructorWithPasswords');
    kubectl.run(['create', 'secret', 'generic', 'password', '-n', withPasswords]);
    expect(reader.refusal('get', 'secret', 'password', '-n', withPasswords)).toBe('');
    for (const args of [
      ['get', 'secrets'],
      ['label', 'secret', 'password', 'x=y'],
      ['delete', 'secret', 'password'],
    ])
      expect(reader.refusal(...args, '-n', withPasswords)).toMatch(/forbidden/i);
  });
});

describe('Flux', () => {
  const git = new GitRepository('roles');
  const source = { kind: 'GitRepository', name: 'fleet' };

  const kustomization = (name: string) => ({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name, namespace },
    spec: {
      ...{ sourceRef: source, path: `./${name}`, serviceAccountName: 'flux' },
      ...{ prune: true, wait: true, interval: '1h', retryInterval: '2s', timeout: '60s' },
    },
  });

  beforeAll(() => {
    addFiles(git.folder, {
      'sessions/alice.yaml': session('by-manifests')
        .map((object) => stringify(object))
        .join('---\n'),
      'roles/role.yaml': stringify({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'more', namespace },
        rules: [],
      }),
    });
    cpSync(join(REPOSITORY, 'dist', 'charts'), join(git.folder, 'charts'), { recursive: true });
    git.push();
    kubectl.apply([
      {
        apiVersion: 'source.toolkit.fluxcd.io/v1',
        kind: 'GitRepository',
        metadata: { name: 'fleet', namespace },
        spec: { url: git.url, ref: { branch: 'main' }, interval: '1h' },
      },
    ]);
    reconcile(namespace, 'gitrepository/fleet');
  });

  test('applies a session as manifests, waits for it and removes it', async () => {
    kubectl.apply([kustomization('sessions')]);
    reconcile(namespace, 'kustomization/sessions');
    expect(podsOf(namespace, 'by-manifests')).toHaveLength(1);
    kubectl.run(['delete', 'kustomization/sessions', '-n', namespace, '--timeout=120s']);
    expect(await settledRemainsOf(namespace, 'by-manifests')).toEqual([]);
  });

  test('installs a session as a release, changes it and removes it', async () => {
    const release = (values: Mapping) => ({
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name: 'by-helm', namespace },
      spec: {
        chart: { spec: { chart: './charts/lab-session', sourceRef: source } },
        ...{ serviceAccountName: 'flux', driftDetection: { mode: 'enabled' }, interval: '1h' },
        values: valuesWith({ session: { id: 'by-helm' }, ...values }),
      },
    });
    kubectl.apply([release({})]);
    reconcile(namespace, 'helmrelease/by-helm');
    expect(podsOf(namespace, 'by-helm')).toHaveLength(1);
    kubectl.apply([release({ labels: { course: 'next' } })]);
    reconcile(namespace, 'helmrelease/by-helm');
    expect(kubectl.get('deployment', 'lab-session-by-helm', '-n', namespace).metadata.labels).toMatchObject({
      course: 'next',
    });
    kubectl.run(['delete', 'helmrelease/by-helm', '-n', namespace, '--timeout=120s']);
    expect(await settledRemainsOf(namespace, 'by-helm')).toEqual([]);
  });

  test('cannot apply a role', () => {
    kubectl.apply([kustomization('roles')]);
    kubectl.run([
      ...['wait', 'kustomization/roles', '-n', namespace, '--timeout=120s'],
      '--for=jsonpath={.status.conditions[?(@.type=="Ready")].status}=False',
    ]);
    const { status } = kubectl.get('kustomization/roles', '-n', namespace);
    expect(JSON.stringify(status)).toContain('forbidden');
    expect(kubectl.try(['get', 'role', 'more', '-n', namespace])).toBe(false);
  });
});
