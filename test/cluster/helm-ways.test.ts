import type { Mapping } from '@dozlab/charts/schema';
import { writeFiles } from '../parity/helm';
import { MINIMAL, valuesWith } from '../support/values';
import { temporaryFolder } from '../support/project';
import { chartFolder } from './chart';
import { sessionNamespace } from './cluster';
import { BOTH } from './helm';
import { essenceOf, objectsOf, plainEssences, settledRemainsOf } from './live-session';
import { Release, valuesFile } from './release';

const chart = chartFolder();
const emptyNamespace = sessionNamespace('helm-ways-empty');

/** A password, as the constructs make no Secret without one. */
const codeServer = { password: 'correct horse' };

function expectSession(namespace: string, values: Mapping): void {
  const { id } = values['session'] as { readonly id: string };
  expect(objectsOf(namespace, id).map(essenceOf)).toEqual(plainEssences(values, emptyNamespace));
}

/** A chart that has the chart of lab sessions in it, once and under other names. */
const parentOf = (names: readonly string[], values: Mapping, isConditional = false): string =>
  writeFiles(temporaryFolder(), [
    {
      path: 'Chart.yaml',
      content: JSON.stringify({
        apiVersion: 'v2',
        name: 'parent',
        version: '0.1.0',
        dependencies: names.map((name) => ({
          name: 'lab-session',
          version: '>=0.0.0-0',
          repository: `file://${chart}`,
          ...(name === 'lab-session' ? {} : { alias: name }),
          ...(isConditional ? { condition: `${name}.enabled` } : {}),
        })),
      }),
    },
    { path: 'values.yaml', content: JSON.stringify(values) },
    { path: 'templates/_none.tpl', content: '' },
  ]);

describe.each(BOTH)('%s', (name, helm) => {
  describe('values on the command line', () => {
    const namespace = sessionNamespace(`${name}-set`);
    const install = (release: string, ...options: string[]): string =>
      helm.run(['install', release, chart, '-n', namespace, ...options]);

    test('by --set', () => {
      install(
        'set',
        ...['--set', 'session.id=set-001,session.userId=alice@example.com'],
        ...['--set', `rootfs.imageUrl=${MINIMAL.rootfs.imageUrl}`],
        ...['--set', 'firecracker.vm.memory=2048,firecracker.vm.cpuCount=2,suspended=true'],
        ...['--set', 'networkPolicy.ingressNamespaces={gateway,ingress-nginx}'],
        ...['--set', 'labels.course=one,annotations.example\\.com/note=a b'],
        ...['--set', 'tolerations[0].key=labs,tolerations[0].operator=Exists'],
        ...['--set', 'codeServer.password=correct horse'],
      );
      expectSession(namespace, {
        ...MINIMAL,
        session: { id: 'set-001', userId: 'alice@example.com' },
        firecracker: { vm: { memory: 2048, cpuCount: 2 } },
        suspended: true,
        networkPolicy: { ingressNamespaces: ['gateway', 'ingress-nginx'] },
        labels: { course: 'one' },
        annotations: { 'example.com/note': 'a b' },
        tolerations: [{ key: 'labs', operator: 'Exists' }],
        codeServer,
      });
    });

    test('by --set-string, with commas and texts that look like numbers', () => {
      install(
        'set-string',
        ...['--set-string', 'session.id=007,session.userId=Neill\\, Zoë'],
        ...['--set-string', 'rootfs.imageUrl=https://example.com/a.ext4?x=1\\,2'],
        ...['--set-string', 'firecracker.vm.memory=2048,firecracker.vm.cpuCount=2'],
        ...['--set-string', 'labels.week=1e3,labels.yes=true,annotations.empty='],
        ...['--set-string', 'codeServer.password=correct horse'],
      );
      expectSession(namespace, {
        session: { id: '007', userId: 'Neill, Zoë' },
        rootfs: { imageUrl: 'https://example.com/a.ext4?x=1,2' },
        firecracker: { vm: { memory: '2048', cpuCount: '2' } },
        labels: { week: '1e3', yes: 'true' },
        annotations: { empty: '' },
        codeServer,
      });
    });

    test('over a values file', () => {
      const file = valuesFile(valuesWith({ codeServer, firecracker: { vm: { cpuCount: 2 } } }));
      install('over', '-f', file, '--set-string', 'session.id=1e3', '--set', 'firecracker.vm.memory=4096');
      expectSession(
        namespace,
        valuesWith({ session: { id: '1e3' }, codeServer, firecracker: { vm: { cpuCount: 2, memory: 4096 } } }),
      );
    });

    test('an upgrade that reuses the values of the release', () => {
      helm.run(['upgrade', 'over', chart, '-n', namespace, '--reset-then-reuse-values', '--set', 'labels.a=b']);
      helm.run(['upgrade', 'over', chart, '-n', namespace, '--reuse-values', '--set', 'suspended=true']);
      expectSession(
        namespace,
        valuesWith({
          session: { id: '1e3' },
          codeServer,
          firecracker: { vm: { cpuCount: 2, memory: 4096 } },
          labels: { a: 'b' },
          suspended: true,
        }),
      );
    });

    test('a number for an id is refused with the reason', () => {
      const said = helm.refusal([
        'install',
        'n',
        chart,
        '-n',
        namespace,
        '-f',
        valuesFile(MINIMAL),
        '--set',
        'session.id=7',
      ]);
      expect(said).toContain("at '/session/id': got number, want string");
    });
  });

  test('as a subchart, with values of its own and global ones', () => {
    const namespace = sessionNamespace(`${name}-subchart`);
    const values = valuesWith({ codeServer, labels: { course: 'one' }, firecracker: { vm: { memory: 2048 } } });
    const parent = parentOf(['lab-session'], {
      'lab-session': values,
      global: { registry: 'example.com', nested: {} },
    });
    helm.run(['dependency', 'build', parent]);
    expect(helm.run(['lint', '--strict', parent])).toContain('0 chart(s) failed');
    new Release(helm, parent, namespace).install({ 'lab-session': { labels: { week: '8' } } });
    expectSession(namespace, { ...values, labels: { course: 'one', week: '8' } });
    const refusal = new Release(helm, parent, namespace, 'wrong').refusal('install', { 'lab-session': { nope: 1 } });
    expect(refusal).toContain("additional properties 'nope' not allowed");
  });

  test.each([
    ['true', { enabled: true }, 1],
    ['false', { enabled: false }, 0],
    ['absent', {}, 1],
  ])('as a dependency whose condition is %s', (_, condition, deployments) => {
    for (const dependency of ['lab-session', 'alice']) {
      const values = valuesWith({ session: { id: 'alice' }, codeServer });
      const parent = parentOf([dependency], { [dependency]: { ...values, ...condition } }, true);
      helm.run(['dependency', 'build', parent]);
      expect(helm.run(['lint', '--strict', parent])).toContain('0 chart(s) failed');
      const rendered = helm.run(['template', 'release', parent, '--kube-version', '1.36.0']);
      expect(rendered.match(/^kind: Deployment$/gm) ?? []).toHaveLength(deployments);
    }
  });

  test('twice in one parent, under other names', async () => {
    const namespace = sessionNamespace(`${name}-aliases`);
    const alice = valuesWith({ session: { id: 'alice' }, codeServer });
    const bob = valuesWith({ session: { id: 'bob' }, codeServer, workload: { kind: 'Pod' } });
    const parent = parentOf(['one', 'two'], { one: alice, two: bob });
    helm.run(['dependency', 'build', parent]);
    const release = new Release(helm, parent, namespace);
    release.install({});
    expectSession(namespace, alice);
    expectSession(namespace, bob);
    release.uninstall();
    expect(await settledRemainsOf(namespace)).toEqual([]);
  });

  test('twice in one namespace, and again in another: each release has its own session', async () => {
    const namespaces = ['here', 'there'].map((where) => sessionNamespace(`${name}-${where}`)) as [string, string];
    const [here, there] = namespaces;
    const alice = valuesWith({ session: { id: 'alice' }, codeServer });
    const bob = valuesWith({ session: { id: 'bob' }, codeServer });
    const first = new Release(helm, chart, here, 'first');
    first.install(alice);
    new Release(helm, chart, here, 'second').install(bob);
    new Release(helm, chart, there, 'first').install(alice);
    expectSession(here, alice);
    expectSession(here, bob);
    expectSession(there, alice);

    expect(new Release(helm, chart, here, 'third').refusal('install', bob)).toMatch(/lab-session-bob.* exists/);
    first.uninstall();
    expect(await settledRemainsOf(here, 'alice')).toEqual([]);
    expectSession(here, bob);
    expectSession(there, alice);
  });

  test('in the namespace default', async () => {
    const id = `dozlab-test-${name}-${sessionNamespace(`${name}-default`).slice(-8)}`;
    const values = valuesWith({ session: { id }, codeServer });
    const release = new Release(helm, chart, 'default', id);
    release.install(values);
    try {
      expectSession('default', values);
    } finally {
      release.uninstall();
    }
    expect(await settledRemainsOf('default', id)).toEqual([]);
  });
});
