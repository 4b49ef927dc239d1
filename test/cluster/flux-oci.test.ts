import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { CHART_VERSION } from '../../src/manifests/lab-session-chart';
import { addFiles, cohort, lab, project, projectWith, session, temporaryFolder } from '../support/project';
import { dozlab } from '../support/cli';
import { kubectl, removeAtEnd, uniqueName } from './cluster';
import { podsOf } from './live-session';
import { reconcile } from './reconcile';
import { systems } from './systems';
import { runTool } from './tool-run';
import { binFolder } from './tools';

/** A project that Flux takes from a registry, and a chart that stays at a version there, without any Git. */

const { registry } = systems();
const flux = uniqueName('flux-oci');
const [plain, released] = [uniqueName('oci-plain'), uniqueName('oci-released')];
const repository = `${registry}/${uniqueName('project')}`;
const charts = `oci://${registry}/${uniqueName('charts')}`;

const folder = projectWith({
  'dozlab.yaml': project({
    flux: { namespace: flux, source: { kind: 'OCIRepository', url: `oci://${repository}`, insecure: true } },
    infra: { roles: { sessionManager: { namespace: uniqueName('system-oci') } } },
  }),
  'labs/vm.yaml': lab('vm'),
  [`sessions/${plain}/cohort.yaml`]: cohort(plain),
  [`sessions/${plain}/alice.yaml`]: session('alice'),
  [`sessions/${released}/cohort.yaml`]: cohort(released, {
    delivery: 'helm',
    chart: { version: CHART_VERSION, oci: { url: `${charts}/lab-session`, insecure: true } },
  }),
  [`sessions/${released}/bob.yaml`]: session('bob'),
});

function run(args: readonly string[]): void {
  const bin = temporaryFolder();
  symlinkSync(join(binFolder(), 'helm'), join(bin, 'helm'));
  const { status, stderr } = dozlab(args, {
    cwd: folder,
    env: { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` },
  });
  if (status !== 0) throw new Error(stderr);
}

/** Pushes the project's files as an artifact, whose content Flux takes from its only layer. */
function push(): void {
  run(['synth']);
  const archive = join(temporaryFolder(), 'project.tar.gz');
  execFileSync('tar', ['-czf', archive, '-C', folder, '.']);
  runTool('crane', ['append', '--insecure', '--new_layer', archive, '--new_tag', `${repository}:latest`]);
}

const shared = ['infra', 'cohorts', 'identities'].map((name) => `kustomization/dozlab-${name}`);

beforeAll(() => {
  kubectl.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: flux } }]);
  run(['chart', 'push', charts, '--plain-http']);
  push();
  kubectl.run(['apply', '-R', '-f', join(folder, 'fluxcd')]);
});

afterAll(() => {
  for (const name of ['cohorts', 'identities', 'infra'])
    kubectl.run(['delete', `kustomization/dozlab-${name}`, '-n', flux, '--timeout=120s']);
  removeAtEnd('namespace', flux);
});

test('sessions of both deliveries run', () => {
  reconcile(
    flux,
    'ocirepository/dozlab-infra',
    ...shared,
    `kustomization/lab-${plain}`,
    `kustomization/lab-${released}`,
  );
  expect(podsOf(`lab-${plain}`, 'alice')).toHaveLength(1);
  reconcile(`lab-${released}`, `ocirepository/lab-session-${released}`, 'helmrelease/lab-session-bob');
  expect(podsOf(`lab-${released}`, 'bob')).toHaveLength(1);
});

test('the next push is applied, and the chart stays the same', () => {
  addFiles(folder, { [`sessions/${plain}/carol.yaml`]: session('carol') });
  push();
  reconcile(flux, 'ocirepository/dozlab-infra', ...shared, `kustomization/lab-${plain}`);
  expect(podsOf(`lab-${plain}`, 'carol')).toHaveLength(1);
  expect(kubectl.get('helmrelease', 'lab-session-bob', '-n', `lab-${released}`)['status']).toMatchObject({
    history: [expect.objectContaining({ chartVersion: expect.stringContaining(CHART_VERSION) as string })],
  });
});
