import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { dozlab } from '../support/cli';
import { addFiles, cohort, project, projectWith, session, smallProject, type Files } from '../support/project';

const KEPT = { values: { annotations: { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' } } };
const HELM = { delivery: 'helm', flux: { source: { url: 'https://example.com/labs' } } };
const shared = { namespace: 'rooms' };

/** A synthesized project with the session mover in the cohort one, beside the cohort two. */
function moving(files: Files): string {
  const folder = projectWith(
    smallProject({
      'sessions/one/cohort.yaml': cohort('one', shared),
      'sessions/two/cohort.yaml': cohort('two', shared),
      'sessions/one/mover.yaml': session('mover'),
      ...files,
    }),
  );
  expect(run(folder)).toMatchObject({ status: 0 });
  return folder;
}

const run = (folder: string, ...more: string[]) => dozlab(['synth', '--project', folder, ...more]);

function move(folder: string, from = 'sessions/one/mover.yaml', to = 'sessions/two/mover.yaml'): void {
  renameSync(join(folder, from), join(folder, to));
}

const REFUSED =
  'sessions/two/mover.yaml:1:1 error moves from the cohort one to two in the namespace rooms: Flux may delete its pod and claims, because it does not order the two cohorts. Fix: move the file back, set kustomize.toolkit.fluxcd.io/prune: disabled in spec.values.annotations, run dozlab synth and merge; when Flux has applied that, move the file and remove the annotation [moved-session]';

test.each([
  ['kustomize', {}],
  ['helm', HELM],
])('a session that moves to another cohort of its namespace is refused, delivery %s', (_, spec) => {
  const folder = moving({ 'dozlab.yaml': project(spec) });
  move(folder);
  for (const more of [[], ['--dry-run'], ['--check']]) {
    const { status, stderr, stdout } = run(folder, ...more);
    expect(status).toBe(1);
    expect(stdout + stderr).toContain(REFUSED);
  }
  move(folder, 'sessions/two/mover.yaml', 'sessions/one/mover.yaml');
  expect(run(folder, '--check')).toMatchObject({ status: 0 });
});

test.each([
  ['kustomize', {}],
  ['helm', HELM],
])('with the annotation before, it moves, also when the move removes the annotation, delivery %s', (_, spec) => {
  for (const after of [session('mover', KEPT), session('mover')]) {
    const folder = moving({ 'dozlab.yaml': project(spec), 'sessions/one/mover.yaml': session('mover', KEPT) });
    move(folder);
    addFiles(folder, { 'sessions/two/mover.yaml': after });
    expect(run(folder)).toMatchObject({ status: 0 });
  }
});

test('the annotation only in the new file does not help', () => {
  const folder = moving({});
  move(folder);
  addFiles(folder, { 'sessions/two/mover.yaml': session('mover', KEPT) });
  expect(run(folder)).toMatchObject({ status: 1 });
});

test('a renamed cohort with the same namespace moves all its sessions', () => {
  const folder = moving({ 'sessions/one/other.yaml': session('other') });
  move(folder, 'sessions/one', 'sessions/three');
  addFiles(folder, { 'sessions/three/cohort.yaml': cohort('three', shared) });
  const { status, stdout, stderr } = run(folder);
  expect(status).toBe(1);
  expect((stdout + stderr).match(/\[moved-session\]/g)).toHaveLength(2);
});

test('from helm to kustomize nothing keeps a session, which is said', () => {
  const folder = moving({
    'dozlab.yaml': project({ flux: HELM.flux }),
    'sessions/one/cohort.yaml': cohort('one', { ...shared, delivery: 'helm' }),
    'sessions/one/mover.yaml': session('mover', KEPT),
  });
  move(folder);
  const { status, stdout, stderr } = run(folder);
  expect(status).toBe(1);
  expect(stdout + stderr).toContain('Fix: end the session in one commit and create it in the next (its data is lost), or move it to a cohort with the delivery helm'); // prettier-ignore
});

test('with Argo CD it is refused, too', () => {
  const folder = moving({ 'dozlab.yaml': project({ ...HELM, delivery: 'argocd', argocd: {} }) });
  move(folder);
  const { status, stdout, stderr } = run(folder);
  expect(status).toBe(1);
  expect(stdout + stderr).toMatch(/Argo CD may delete its pod .* Fix: end the session in one commit and create it in the next \(its data is lost\) \[moved/); // prettier-ignore
});

test('with Argo CD a cohort gets another name and keeps its namespace', () => {
  const folder = projectWith(
    smallProject({
      'dozlab.yaml': project({ ...HELM, delivery: 'argocd', argocd: {} }),
      'sessions/one/cohort.yaml': cohort('one', shared),
      'sessions/one/mover.yaml': session('mover'),
    }),
  );
  expect(run(folder)).toMatchObject({ status: 0 });
  addFiles(folder, { 'sessions/two/cohort.yaml': cohort('two', shared), 'sessions/two/mover.yaml': session('mover') });
  rmSync(join(folder, 'sessions/one'), { recursive: true });
  expect(run(folder)).toMatchObject({ status: 0 });
});

test('a session of the same id in another namespace is another session, and an ended one does not move', () => {
  const folder = moving({ 'sessions/two/cohort.yaml': cohort('two') });
  move(folder);
  expect(run(folder)).toMatchObject({ status: 0 });
  const ended = moving({});
  move(ended, 'sessions/one/mover.yaml', 'mover.yaml');
  expect(run(ended)).toMatchObject({ status: 0 });
  move(ended, 'mover.yaml', 'sessions/two/mover.yaml');
  expect(run(ended)).toMatchObject({ status: 0 });
});
