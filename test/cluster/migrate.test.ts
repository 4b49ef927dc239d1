import { stringify } from 'yaml';
import type { Manifest } from '@dozlab/charts/yaml';
import {
  MigrationRun,
  REQUIRED,
  TEMPLATE,
  differingFields,
  envFile,
  originalObjects,
  podIn,
  reportedFields,
} from '../support/migration';
import { CHANGED_PODS, migratedPod } from '../support/changed-pods';
import { cohort, type Files } from '../support/project';
import { kubectl, sessionNamespace } from './cluster';

/** The original, with a user that the API server takes for a label. */
const VARIABLES = {
  ...REQUIRED,
  USER_ID: 'alice',
  VM_CPU: '2',
  VM_MEMORY: '2048',
  VSCODE_PASSWORD: 'planted-in-cluster',
};

/** The same as values. The workspace of the original manifest is read-only. */
const VALUES = {
  session: { id: 'alice-001', userId: 'alice' },
  rootfs: { imageUrl: REQUIRED.ROOTFS_IMAGE_URL },
  firecracker: { vm: { cpuCount: '2', memory: '2048' } },
  codeServer: { workspaceReadOnly: true, password: 'planted-in-cluster' },
};

const RELEASE = {
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  metadata: { name: 'lab-session-alice' },
  spec: { values: VALUES },
};

const namespace = sessionNamespace('migrate');
let live = '';
let original: Manifest[] = [];

beforeAll(() => {
  // As the server takes it, with its defaults.
  const inNamespace = originalObjects(VARIABLES).map((object) => ({
    ...object,
    metadata: { ...object.metadata, namespace },
  }));
  original = kubectl.apply(inNamespace, '--dry-run=server');
  kubectl.apply(inNamespace);
  kubectl.run(['wait', '--for=condition=Ready', 'pod/lab-session-alice-001', '-n', namespace, '--timeout=120s']);
  live = kubectl.run(['get', 'pod,svc,secret', '-n', namespace, '-o', 'yaml']);
});

/** What the API server itself puts into a Pod, but not into the template of a Deployment. */
const isDecided = (path: string): boolean =>
  /^spec\.(nodeName|priority|preemptionPolicy|tolerations|serviceAccount(Name)?)$|kube-api-access|secrets\/kubernetes\.io/.test(
    path,
  );

const inputs = (): Record<string, Files> => ({
  'the original manifest': { 'pod.yaml': TEMPLATE, env: envFile(VARIABLES) },
  'a values file': { 'values.yaml': stringify(VALUES) },
  'a HelmRelease': { 'release.yaml': stringify(RELEASE) },
  'live objects': { 'live.yaml': live },
});

test.each(['the original manifest', 'a values file', 'a HelmRelease', 'live objects'])(
  '%s: the API server accepts the result, and its pod differs from the original as reported',
  (name) => {
    const run = new MigrationRun({ 'sessions/class/cohort.yaml': cohort('class', { namespace }) });
    const { sessions } = run.migrate(inputs()[name] ?? {}, '--cohort', 'class');
    const differences = sessions[0]?.differences ?? [];
    const result = kubectl.apply(run.rendered('class', 'alice-001'), '--dry-run=server', '--force-conflicts');
    expect(result.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort()).toEqual([
      'Deployment/lab-session-alice-001',
      'NetworkPolicy/lab-session-alice-001',
      'Service/lab-service-alice-001',
    ]);
    const fields = differingFields(podIn(original), podIn(result)).filter((path) => !isDecided(path));
    // What the script of the older chart was is not known: command and args of network-setup count as one.
    const reported = (paths: readonly string[]) =>
      Array.from(new Set(paths.map((path) => path.replace(/(network-setup)\.(command|args)$/, '$1.script'))));
    expect(reported(fields.filter((path) => !isServerDefault(path)))).toEqual(reported(reportedFields(differences)));

    const [before, after] = [original, result].map((objects) => objects.find(({ kind }) => kind === 'Service'));
    expect(portsOf(after)).toEqual(portsOf(before));
    expect((after?.['spec'] as Record<string, unknown>)['selector']).toEqual(
      (before?.['spec'] as Record<string, unknown>)['selector'],
    );
  },
);

/** Fields that the server completes, of environment variables by reference and of probes that the original lacks. */
const isServerDefault = (path: string): boolean =>
  path.endsWith('.fieldRef.apiVersion') || /\.startupProbe\.(successThreshold|httpGet\.scheme)$/.test(path);

const PORTS: Readonly<Record<string, number>> = { vscode: 8080, terminal: 8081, 'vm-ssh': 22 };

const portsOf = (service: Manifest | undefined) =>
  ((service?.['spec'] as Record<string, unknown>)['ports'] as Record<string, string | number>[]).map(
    ({ name, port, targetPort, protocol }) => ({ name, port, protocol, to: PORTS[String(targetPort)] ?? targetPort }),
  );

test.each(Object.entries(CHANGED_PODS))('%s on a live pod: the server takes the result', (_, change) => {
  const { after } = migratedPod(change, namespace);
  const result = kubectl.apply(after, '--dry-run=server', '--force-conflicts');
  expect(result.map(({ kind }) => kind)).toEqual(after.map(({ kind }) => kind));
});

test('the classroom of the guide, without interval and namespace: the server takes every session', () => {
  const releases = ['alice', 'bob', 'charlie'].map((student) =>
    stringify({
      ...RELEASE,
      metadata: { name: `lab-session-${student}` },
      spec: {
        values: {
          session: { id: `${student}-001`, userId: student },
          rootfs: { imageUrl: 'https://example.com/dozlab-k8s.ext4' },
          codeServer: { password: '$(openssl rand -base64 16)' },
          labels: { course: 'kubernetes-101', cohort: '2024-spring' },
        },
      },
    }),
  );
  const run = new MigrationRun({ 'sessions/class/cohort.yaml': cohort('class', { namespace }) });
  const { sessions } = run.migrate({ 'class.yaml': releases.join('---\n') }, '--cohort', 'class');
  const taken = sessions.flatMap(({ id }) =>
    kubectl.apply(run.rendered('class', id), '--dry-run=server', '--force-conflicts'),
  );
  expect(taken.map(({ metadata }) => metadata.labels?.['course'])).toEqual(Array(9).fill('kubernetes-101'));
});

test('the server refuses the original for a user that is an e-mail address, and takes the result', () => {
  const variables = { ...VARIABLES, SESSION_ID: 'mail-001', USER_ID: 'alice@example.com' };
  const objects = originalObjects(variables).map((each) => ({ ...each, metadata: { ...each.metadata, namespace } }));
  const { refusals } = kubectl.ask(
    ['apply', '--server-side', '--dry-run=server', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
  );
  expect(refusals.join('\n')).toContain('metadata.labels');
  const run = new MigrationRun({ 'sessions/class/cohort.yaml': cohort('class', { namespace }) });
  run.migrate({ 'pod.yaml': TEMPLATE, env: envFile(variables) }, '--cohort', 'class');
  expect(kubectl.apply(run.rendered('class', 'mail-001'), '--dry-run=server')).toHaveLength(3);
});
