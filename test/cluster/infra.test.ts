import { parseAllDocuments } from 'yaml';
import { synthesizeProject } from '../../src/index';
import type { Manifest } from '@dozlab/charts/yaml';
import { dozlab } from '../support/cli';
import { valuesWith } from '../support/values';
import { cohort, lab, project, projectWith, session } from '../support/project';
import { documentManifests } from '../support/requirements';
import { chartFolder } from './chart';
import { kubectl, removeAtEnd, sessionNamespace, uniqueName, waitForServiceAccount } from './cluster';
import { SHARED } from './contents';
import { textOf } from './kubectl';
import { Helm } from './helm';
import { podsOf } from './live-session';
import { valuesFile } from './release';
import { binFolder } from './tools';

const namespace = uniqueName('dozlab-test-infra');
const execBackend = uniqueName('dozlab-test-infra-exec');
const manager = uniqueName('dozlab-test-infra-system');
const devicePlugin = uniqueName('dozlab-test-device-plugin');
const prePull = uniqueName('dozlab-test-pre-pull');
const priorityClass = uniqueName('dozlab-test-infra');

/** A project with everything on, for two sessions; it has three. */
const folder = projectWith({
  'dozlab.yaml': project({
    maxSessions: 2,
    infra: {
      quota: { hard: { 'count/jobs.batch': 0, services: 20 } },
      limitRange: { max: { cpu: 8, memory: '16Gi' } },
      podMonitor: { enabled: true, interval: '1h30m' },
      networkPolicy: { ingressNamespaceLabels: { name: 'ingress-nginx' } },
      roles: {
        sessionManager: { namespace: manager },
        viewers: { groups: ['viewers', 'viewers'] },
        instructors: { groups: ['teachers'], readPasswords: true },
      },
    },
    nodes: {
      devicePlugin: { enabled: true, nodeSelector: SHARED },
      prePull: { enabled: true, imagePullSecrets: ['one', 'two'], nodeSelector: SHARED },
      priorityClass: { enabled: true, name: priorityClass },
    },
    execBackend: { namespace: execBackend },
    values: { priorityClassName: priorityClass },
  }),
  'labs/vm.yaml': lab('vm'),
  'sessions/class/cohort.yaml': cohort('class', { namespace }),
  'sessions/class/one.yaml': session('one'),
  'sessions/class/two.yaml': session('two'),
  'sessions/class/three.yaml': session('three'),
});

const { files = [], sessions, problems } = synthesizeProject(folder);

const objectsIn = (...folders: string[]): Manifest[] =>
  files
    .filter(({ path }) => folders.some((each) => path.startsWith(each)) && !path.endsWith('kustomization.yaml'))
    .map(({ content }) =>
      content.replaceAll('dozlab-device-plugin', devicePlugin).replaceAll('dozlab-pre-pull', prePull),
    )
    .flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as Manifest));

const AROUND = objectsIn('infra/', 'monitoring/', 'nodes/', 'exec-backend/');

/** Applies objects as `kubectl apply --server-side` does, a warning being an error, and gives a line for each. */
const applied = (objects: readonly object[], ...options: string[]): string[] =>
  kubectl
    .run(['apply', '--server-side', '--warnings-as-errors', '-f', '-', ...options], textOf(objects))
    .trim()
    .split('\n');

const versions = (): string =>
  kubectl.run(
    ['get', '-f', '-', '-o', 'jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.generation}{"\\n"}{end}'],
    textOf(AROUND),
  );

/** What the API server says against making an object; nothing is kept. */
const refusal = (object: object): string =>
  kubectl.ask(['create', '--dry-run=server', '-f', '-'], textOf([object])).refusals.join('\n');

beforeAll(() => {
  for (const name of [namespace, execBackend, manager, devicePlugin, prePull]) removeAtEnd('namespace', name);
  removeAtEnd('priorityclass', priorityClass);
  removeAtEnd('validatingadmissionpolicybinding', namespace);
  removeAtEnd('validatingadmissionpolicy', namespace);
  const isNamespace = ({ kind }: Manifest): boolean => kind === 'Namespace';
  applied(AROUND.filter(isNamespace));
  for (const { metadata } of AROUND.filter(isNamespace)) waitForServiceAccount(metadata.name);
  applied(AROUND);
});

describe('everything around sessions', () => {
  test('is applied without a warning, and changes nothing when it is applied again', () => {
    const before = versions();
    expect(applied(AROUND)).toHaveLength(AROUND.length);
    expect(versions()).toBe(before);
    expect(AROUND.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining([
        'ResourceQuota',
        'LimitRange',
        'PriorityClass',
        'PodMonitor',
        'ValidatingAdmissionPolicy',
        'DaemonSet',
      ]),
    );
  });

  test.each([
    [devicePlugin, 'device-plugin'],
    [prePull, 'pre-pull-vm'],
  ])('%s: its DaemonSet runs on every node that it is for', (place, name) => {
    kubectl.run(['rollout', 'status', `daemonset/${name}`, '-n', place, '--timeout=120s']);
    expect(kubectl.get('daemonset', name, '-n', place)['status']).toMatchObject({ numberReady: 2 });
  });

  test.each([
    [manager, 'restricted'],
    [prePull, 'restricted'],
    [execBackend, 'baseline'],
  ])('%s refuses a privileged pod by the level %s', (place, level) => {
    expect(refusal(privilegedPod(place))).toContain(`violates PodSecurity "${level}:latest"`);
  });
});

const privilegedPod = (place: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'privileged', namespace: place },
  spec: { containers: [{ name: 'main', image: 'busybox', securityContext: { privileged: true } }] },
});

describe('a quota for two sessions', () => {
  const quota = ['resourcequota/lab-sessions', '-n', namespace];

  beforeAll(() => {
    kubectl.run(['wait', ...quota, '--for=jsonpath={.status.hard.pods}=4', '--timeout=60s']);
    for (const id of ['one', 'two']) {
      kubectl.apply(objectsIn(`sessions/class/${id}.yaml`));
      podsOf(namespace, id);
    }
    kubectl.apply(objectsIn('sessions/class/three.yaml'));
    kubectl.run([
      ...['wait', 'deployment/lab-session-three', '-n', namespace, '--timeout=60s'],
      '--for=condition=ReplicaFailure',
    ]);
  });

  test('the third has a Deployment and no pod, as validate predicts', () => {
    expect(kubectl.list('pods', '-n', namespace, '-l', 'session-id=three')).toEqual([]);
    expect(problems.filter(({ code }) => code === 'over-quota').map(({ message }) => message)).toEqual([
      expect.stringContaining('requests.devices.kubevirt.io/kvm 3 of 2') as string,
    ]);
    expect(sessions).toHaveLength(3);
  });

  test('dozlab status says what the cluster says', () => {
    const { stdout, status } = dozlab(['status', '--project', folder, '-o', 'json'], {
      env: { ...process.env, PATH: `${binFolder()}:${process.env['PATH'] ?? ''}` },
    });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { session: 'one', state: 'running' },
      {
        session: 'three',
        state: 'refused',
        message: expect.stringContaining('exceeded quota: lab-sessions') as string,
      },
      { session: 'two', state: 'running' },
    ]);
  });

  test('the pods of helm test of both fit beside them, and no fifth', () => {
    const helm = new Helm('helm');
    const testPod = (id: string): string => {
      const values = valuesFile(valuesWith({ session: { id } }));
      const args = ['-n', namespace, '-f', values, '-s', 'templates/tests/reach.yaml'];
      return helm.run(['template', `lab-${id}`, chartFolder(), ...args]);
    };
    for (const id of ['one', 'two']) kubectl.run(['create', '-n', namespace, '-f', '-'], testPod(id));
    expect(() => kubectl.run(['create', '-n', namespace, '-f', '-'], testPod('more'))).toThrow(
      'exceeded quota: lab-sessions',
    );
  });

  test('its LimitRange holds for single containers', () => {
    expect(kubectl.get('limitrange', 'lab-sessions', '-n', namespace)['spec']).toMatchObject({
      limits: [
        {
          type: 'Container',
          defaultRequest: { cpu: '10m', memory: '32Mi' },
          max: { cpu: '8', memory: '16Gi' },
          default: { cpu: '8', memory: '16Gi' },
        },
      ],
    });
  });
});

describe("the requirements' own manifests", () => {
  test('stand beside ours, and take nothing from them', () => {
    const theirs = documentManifests(namespace);
    const namesBefore = namesIn('resourcequotas,networkpolicies,rolebindings');
    expect(kubectl.run(['apply', '-f', '-'], textOf(theirs)).trim().split('\n')).toHaveLength(theirs.length);
    expect(namesIn('resourcequotas,networkpolicies,rolebindings')).toEqual(
      expect.arrayContaining([
        ...namesBefore,
        'resourcequota/dozlab-quota',
        'resourcequota/lab-sessions-quota',
        'networkpolicy.networking.k8s.io/dozlab-session-isolation',
        'networkpolicy.networking.k8s.io/lab-session-isolation',
      ]),
    );
    // Ours again over their Role, which has the name of ours.
    applied(AROUND, '--force-conflicts');
    kubectl.run([
      'auth',
      'can-i',
      'create',
      'pods',
      '-n',
      namespace,
      `--as=system:serviceaccount:${manager}:dozlab-session-manager`,
    ]);
  });

  const namesIn = (kinds: string): string[] =>
    kubectl.run(['get', kinds, '-n', namespace, '-o', 'name']).trim().split('\n');
});

test('the NetworkPolicies select what they are for', () => {
  const policies = kubectl.list('networkpolicies', '-n', namespace, '-l', 'app.kubernetes.io/managed-by=dozlab');
  const spec = (name: string) => policies.find(({ metadata }) => metadata.name === name)?.['spec'];
  expect(spec('default-deny')).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  expect(spec('session-isolation')).toMatchObject({
    podSelector: { matchLabels: { app: 'lab-environment' } },
    ingress: [
      {
        from: [
          { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } } },
          { namespaceSelector: { matchLabels: { name: 'ingress-nginx' } } },
        ],
      },
      { from: [{ podSelector: { matchExpressions: [{ key: 'dozlab.io/test-of', operator: 'Exists' }] } }] },
    ],
  });
  expect(spec('helm-test')).not.toHaveProperty('ingress');
  expect(spec('acme-solver')).toMatchObject({ ingress: [{ ports: [{ port: 8089, protocol: 'TCP' }] }] });
});

test('releases of the longest session in the longest cohort are accepted', () => {
  // That of the other tests takes only releases of its own cohorts.
  const namespace = sessionNamespace('infra-releases');
  const name = 'c'.repeat(59);
  const id = 's'.repeat(51);
  const { files: released = [] } = synthesizeProject(
    projectWith({
      'dozlab.yaml': project({ delivery: 'helm', flux: { source: { url: 'https://example.com/labs' } } }),
      'labs/vm.yaml': lab('vm'),
      [`sessions/${name}/cohort.yaml`]: cohort(name, { namespace }),
      [`sessions/${name}/${id}.yaml`]: session(id),
    }),
  );
  const texts = released.filter(({ path }) => path.startsWith('releases/')).map(({ content }) => content);
  const kinds = kubectl.apply(texts.join('---\n'), '--dry-run=server').map(({ kind }) => kind);
  expect(kinds).toEqual(['GitRepository', 'HelmChart', 'HelmRelease']);
});
