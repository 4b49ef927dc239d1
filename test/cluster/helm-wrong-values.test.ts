import { isMapping, type Mapping } from '@dozlab/charts/schema';
import { MINIMAL, valuesWith } from '../support/values';
import { chartFolder } from './chart';
import { kubectl, sessionNamespace } from './cluster';
import { BOTH } from './helm';
import { remainsOf } from './live-session';
import { Release } from './release';

const chart = chartFolder();

/** Values that the schema refuses, and what Helm says of them. */
const WRONG: readonly (readonly [what: string, over: Mapping, message: string])[] = [
  [
    'a text for a number',
    { firecracker: { vm: { memory: 'foo' } } },
    "at '/firecracker/vm/memory': 'foo' does not match",
  ],
  ['a number out of bounds', { firecracker: { vm: { cpuCount: 33 } } }, "at '/firecracker/vm/cpuCount'"],
  ['an unknown key', { nope: 1 }, "additional properties 'nope' not allowed"],
  [
    'an unknown key inside',
    { firecracker: { memory: 1 } },
    "at '/firecracker': additional properties 'memory' not allowed",
  ],
  ['another word', { service: { type: 'X' } }, "at '/service/type': value must be one of 'ClusterIP', 'NodePort'"],
  ['a number for the id', { session: { id: 7 } }, "at '/session/id': got number, want string"],
  ['a text for a truth value', { ingress: { enabled: 'yes' } }, "at '/ingress/enabled': got string, want boolean"],
  ['a text for a list', { tolerations: 'all' }, "at '/tolerations': got string, want array"],
  ['a number for a label', { labels: { week: 7 } }, "at '/labels/week': got number, want string"],
];

/** What Helm says of a null: it takes away the chart's default, or is no value of a key that is required. */
const NULLS: readonly (readonly [what: string, over: Mapping, message: string])[] = [
  ['a number', { firecracker: { vm: { memory: null } } }, "at '/firecracker/vm': missing property 'memory'"],
  ['a mapping', { firecracker: { vm: null } }, "at '/firecracker': missing property 'vm'"],
  ['a list', { tolerations: null }, "missing property 'tolerations'"],
  ['a word', { restartPolicy: null }, "missing property 'restartPolicy'"],
  ['labels', { labels: null }, "missing property 'labels'"],
  ['the id', { session: { id: null } }, "at '/session/id': got null, want string"],
];

const THE_SCHEMA = "values don't meet the specifications of the schema(s)";

/** The least that a session must say and what a test is about, with nulls left in it. */
const given = ({ session, ...over }: Mapping): Mapping => ({
  ...MINIMAL,
  ...over,
  session: { ...MINIMAL.session, ...(isMapping(session) ? session : {}) },
});

describe.each(BOTH)('%s', (name, helm) => {
  describe('an installation', () => {
    const namespace = sessionNamespace(`${name}-wrong`);
    const release = new Release(helm, chart, namespace);

    test.each([...WRONG, ...NULLS])('with %s is refused, and nothing is applied', (_, over, message) => {
      const said = release.refusal('install', given(over));
      expect(said).toContain(THE_SCHEMA);
      expect(said).toContain(message);
      expect(remainsOf(namespace)).toEqual([]);
    });

    test('with null where a value may be absent is as if it were not given', () => {
      const other = sessionNamespace(`${name}-absent`);
      new Release(helm, chart, other).install(given({ suspended: null, codeServer: { existingSecret: null } }));
      expect(remainsOf(other)).toContain('secret/lab-session-alice-001-secrets');
    });

    test.each([
      ['id', { userId: 'alice' }],
      ['userId', { id: 'alice-001' }],
    ])('without session.%s is refused, and nothing is applied', (key, session) => {
      const said = release.refusal('install', { rootfs: MINIMAL.rootfs, session });
      expect(said).toContain(THE_SCHEMA);
      expect(said).toContain(`at '/session': missing property '${key}'`);
      expect(remainsOf(namespace)).toEqual([]);
    });

    test('without any values is refused, and nothing is applied', () => {
      const said = release.refusal('install', {});
      expect(said).toContain(THE_SCHEMA);
      expect(remainsOf(namespace)).toEqual([]);
    });
  });

  test('an upgrade is refused, and all stays as it is', () => {
    const namespace = sessionNamespace(`${name}-wrong-upgrade`);
    const release = new Release(helm, chart, namespace);
    release.install(valuesWith({ suspended: true }));
    kubectl.run(['rollout', 'status', 'deployment/lab-session-alice-001', '-n', namespace, '--timeout=60s']);
    const state = (): unknown =>
      kubectl
        .list('deployments,services,secrets,networkpolicies', '-n', namespace)
        .map(({ kind, metadata }) => [kind, metadata.name, metadata.generation ?? metadata.resourceVersion]);
    const before = state();
    for (const [, over, message] of WRONG) expect(release.refusal('upgrade', given(over))).toContain(message);
    expect(state()).toEqual(before);
  });

  test('a null takes an entry out of a mapping of the chart', () => {
    const namespace = sessionNamespace(`${name}-null`);
    new Release(helm, chart, namespace).install(given({ terminal: { resources: { limits: { cpu: null } } } }));
    const printed = kubectl.run([
      ...['get', 'deployment', 'lab-session-alice-001', '-n', namespace, '-o'],
      'jsonpath={.spec.template.spec.containers[?(@.name=="terminal-sidecar")].resources.limits}',
    ]);
    expect(JSON.parse(printed)).toEqual({ memory: '256Mi', 'ephemeral-storage': '1Gi' });
  });
});
