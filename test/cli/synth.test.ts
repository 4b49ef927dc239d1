import { spawnSync } from 'node:child_process';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyPlans } from '../../src/synth/apply';
import { planOutput } from '../../src/synth/plan';
import { synthesizeProject } from '../../src/synth/synthesize';
import { REPOSITORY, dozlab } from '../support/cli';
import { dozlabRun, dozlabRuns } from '../support/cli-runs';
import { contentsOf, identitiesOf, manifestsIn, pathsBelow } from '../support/folder';
import { addFiles, cohort, project, projectWith, session, smallProject, temporaryFolder } from '../support/project';

const synth = (folder: string, ...options: string[]) => dozlabRun(['synth', ...options, '--project', folder]);

/** A small project that was synthesized. */
const synthesized = (): string => {
  const folder = projectWith(smallProject({ 'sessions/class/bob.yaml': session('bob') }));
  const { files = [], fluxFiles = [] } = synthesizeProject(folder);
  applyPlans([planOutput(join(folder, 'dist'), files)]);
  applyPlans([planOutput(join(folder, 'fluxcd'), fluxFiles)]);
  return folder;
};

describe('dozlab synth', () => {
  test('writes a file for each session and namespace, and says so on standard error', () => {
    const folder = projectWith(smallProject());
    const { status, stdout, stderr } = synth(folder);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    const written = [...pathsBelow(join(folder, 'dist')), ...pathsBelow(join(folder, 'fluxcd'))];
    expect(stderr).toContain(`wrote ${String(written.length)} files, removed 0, 0 unchanged`);
    expect(pathsBelow(join(folder, 'fluxcd'))).toEqual(['cohorts.yaml', 'identities.yaml', 'infra.yaml']);
    expect(manifestsIn(folder)).toEqual([
      'flux/cohorts/class.yaml',
      'flux/identities/class.yaml',
      'infra/namespaces/lab-class.yaml',
      'infra/system/dozlab-system.yaml',
      'sessions/class/alice.yaml',
    ]);
  });

  test('writes only what changed and removes what no longer belongs', () => {
    const folder = synthesized();
    const dist = join(folder, 'dist');
    addFiles(folder, { 'dist/mine.txt': 'mine\n' });
    const before = identitiesOf(dist);
    rmSync(join(folder, 'sessions/class/bob.yaml'));
    addFiles(folder, { 'sessions/class/alice.yaml': session('alice', { userId: 'Alice B.' }) });
    const { status, stderr } = synth(folder);
    expect(status).toBe(0);
    expect(stderr).toMatch(/wrote 1 file, removed 1, [0-9]+ unchanged/);
    expect(stderr).toContain('dist/mine.txt is not ours: it stays');
    const after = identitiesOf(dist);
    expect(manifestsIn(folder).filter((path) => !/^(flux|infra)\//.test(path))).toEqual([
      'mine.txt',
      'sessions/class/alice.yaml',
    ]);
    expect(Array.from(after.keys()).filter((path) => after.get(path) !== before.get(path))).toEqual([
      'sessions/class/alice.yaml',
    ]);
  });

  test('the same files give the same bytes wherever the project lies', () => {
    const [one, two] = [synthesized(), synthesized()];
    expect(contentsOf(join(one, 'dist'))).toEqual(contentsOf(join(two, 'dist')));
    rmSync(join(two, 'dist'), { recursive: true });
    expect(dozlabRun(['synth'], { cwd: two }).status).toBe(0);
    expect(contentsOf(join(one, 'dist'))).toEqual(contentsOf(join(two, 'dist')));
  });

  test('--check passes when dist is fresh, and names what is stale without writing', () => {
    const folder = synthesized();
    expect(synth(folder, '--check')).toMatchObject({ status: 0, stdout: '' });
    rmSync(join(folder, 'sessions/class/bob.yaml'));
    addFiles(folder, {
      'sessions/class/alice.yaml': session('alice', { suspended: true }),
      'sessions/class/carol.yaml': session('carol'),
    });
    const before = identitiesOf(folder);
    const lines = [
      'new      dist/sessions/class/carol.yaml',
      'changed  dist/sessions/class/alice.yaml',
      'removed  dist/sessions/class/bob.yaml',
    ];
    const check = synth(folder, '--check');
    expect(check).toMatchObject({ status: 1, stdout: `${lines.join('\n')}\n` });
    expect(check.stderr).toContain('dist/ is stale');
    expect(synth(folder, '--dry-run')).toMatchObject({ status: 0, stdout: `${lines.join('\n')}\n` });
    expect(identitiesOf(folder)).toEqual(before);
  });

  test('--check refuses files that programs read with the output, and writing warns of them and keeps them', () => {
    const folder = synthesized();
    const strays = {
      'dist/infra/Kustomization': 'resources: [system/dozlab-system.yaml]\n',
      'dist/sessions/class/mine.yaml': 'kind: Mine\n',
      'fluxcd/apps.yaml': 'kind: Mine\n',
      '.sourceignore': 'namespaces\n',
    };
    addFiles(folder, strays);
    const lines = [['--check'], [], ['--check'], ['--dry-run']].map((options) => ['synth', ...options, '--project', folder]); // prettier-ignore
    const [check, write, again, dryRun] = dozlabRuns(lines);
    for (const run of [check, again]) {
      expect(run?.status).toBe(1);
      for (const path of Object.keys(strays)) expect(run?.stderr).toContain(`${path}:1:1 error `);
      expect(run?.stderr).toContain('Flux builds dist/infra from it alone, and deletes the objects that it leaves out');
      expect(run?.stderr).not.toContain('is fresh');
    }
    for (const run of [write, dryRun]) {
      expect(run?.status).toBe(0);
      for (const path of Object.keys(strays)) expect(run?.stderr).toContain(`${path}:1:1 warning `);
    }
    expect(pathsBelow(folder)).toEqual(expect.arrayContaining(Object.keys(strays)));
    for (const path of Object.keys(strays).slice(0, 3)) rmSync(join(folder, path));
    addFiles(folder, { '.sourceignore': '/*\n!/dist\n!/fluxcd\n' });
    expect(synth(folder, '--check').status).toBe(0);
    addFiles(folder, { 'fluxcd/apps.yaml': 'kind: Mine\n', 'dozlab.yaml': project({ flux: { ownFiles: ['apps.yaml'] } }) }); // prettier-ignore
    expect(synth(folder, '--check').status).toBe(0);
  });

  test('--check tells a missing dist and a file that was edited', () => {
    const folder = synthesized();
    addFiles(folder, { 'dist/sessions/class/bob.yaml': '# edited\n' });
    expect(synth(folder, '--check')).toMatchObject({ status: 1, stdout: 'changed  dist/sessions/class/bob.yaml\n' });
    rmSync(join(folder, 'dist'), { recursive: true });
    const { status, stdout } = synth(folder, '--check');
    expect(status).toBe(1);
    expect(stdout.trimEnd().split('\n')).toEqual(
      expect.arrayContaining(['new      dist/sessions/class/alice.yaml', 'new      dist/sessions/class/bob.yaml']),
    );
    expect(pathsBelow(join(folder, 'dist'))).toEqual([]);
  });

  test('--dry-run in a new project writes nothing', () => {
    const folder = projectWith(smallProject());
    expect(synth(folder, '--dry-run').stdout).toContain('new      dist/sessions/class/alice.yaml');
    expect(pathsBelow(join(folder, 'dist'))).toEqual([]);
  });

  test('an error in one file leaves dist as it is', () => {
    const folder = synthesized();
    addFiles(folder, { 'sessions/class/alice.yaml': session('alice', { lab: 'nothing' }), 'labs/vm.yml': '' });
    const before = identitiesOf(join(folder, 'dist'));
    const lines = [[], ['--check'], ['--dry-run']].map((options) => ['synth', ...options, '--project', folder]);
    for (const { status, stdout, stderr } of dozlabRuns(lines)) {
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toContain('sessions/class/alice.yaml:7:8 error spec.lab');
      expect(stderr).toContain('labs/vm.yml:1:1 error');
      expect(stderr).toContain('2 errors');
    }
    expect(identitiesOf(join(folder, 'dist'))).toEqual(before);
  });

  test('a cohort without sessions gives its namespace, and sessions of two cohorts share one', () => {
    const folder = projectWith(
      smallProject({
        'sessions/class/cohort.yaml': cohort('class', { namespace: 'rooms' }),
        'sessions/other/cohort.yaml': cohort('other', { namespace: 'rooms' }),
        'sessions/empty/cohort.yaml': cohort('empty'),
      }),
    );
    expect(synth(folder).status).toBe(0);
    expect(manifestsIn(folder)).toEqual([
      'flux/cohorts/class.yaml',
      'flux/identities/class.yaml',
      'flux/identities/empty.yaml',
      'flux/identities/other.yaml',
      'infra/namespaces/lab-empty.yaml',
      'infra/namespaces/rooms.yaml',
      'infra/system/dozlab-system.yaml',
      'sessions/class/alice.yaml',
    ]);
  });
});

test('output to a pipe has no colours, whatever the environment sets', () => {
  const folder = projectWith(smallProject({ 'sessions/class/bob.yaml': session('bob', { lab: 'nothing' }) }));
  const { status, stderr } = dozlab(['synth', '--project', folder], {
    env: { ...process.env, CI: 'true', FORCE_COLOR: '1' },
  });
  expect(status).toBe(1);
  expect(stderr).toContain('sessions/class/bob.yaml');
  expect(stderr).not.toContain('\u001b');
});

describe('what stands in the way of dozlab synth', () => {
  test.each([
    ['dist is a symbolic link', 'dist'],
    ['dist/sessions is a symbolic link', 'dist/sessions'],
  ])('%s', (_, place) => {
    const folder = synthesized();
    const elsewhere = temporaryFolder();
    addFiles(elsewhere, { 'class/bob.yaml': 'mine', 'mine.txt': 'mine' });
    rmSync(join(folder, place), { recursive: true });
    symlinkSync(elsewhere, join(folder, place));
    const { status, stdout, stderr } = synth(folder);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(`${join(folder, place)} is a symbolic link`);
    expect(contentsOf(elsewhere)).toEqual(new Map([['class/bob.yaml', 'mine'], ['mine.txt', 'mine']])); // prettier-ignore
  });

  test('a file where a folder goes', () => {
    const folder = synthesized();
    rmSync(join(folder, 'dist/sessions'), { recursive: true });
    writeFileSync(join(folder, 'dist/sessions'), 'mine');
    const before = contentsOf(folder);
    const { status, stderr } = synth(folder);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^dozlab: the output cannot be written: .*dist\/sessions/m);
    expect(contentsOf(folder)).toEqual(before);
  });
});

describe('cdk8s synth', () => {
  test('gives the same bytes as dozlab synth', () => {
    const files = smallProject({
      'cdk8s.yaml': {
        language: 'typescript',
        app: `${process.execPath} ${join(REPOSITORY, 'bin', 'dozlab')} app`,
        output: 'dist',
      },
      'sessions/class/bob.yaml': session('bob', { userId: '{{ "quotes" }} \\ 😀', values: { labels: { a: '0o17' } } }),
      'sessions/other/cohort.yaml': cohort('other'),
      'sessions/other/carol.yaml': session('carol', { suspended: false }),
    });
    const [one, two] = [projectWith(files), projectWith(files)];
    const run = (cwd: string) =>
      spawnSync(
        process.execPath,
        [join(REPOSITORY, 'node_modules/cdk8s-cli/bin/cdk8s'), '--no-check-upgrade', 'synth'],
        { cwd, encoding: 'utf8', env: { ...process.env, CI: '1' } },
      );
    const { status, stderr } = run(one);
    expect({ status, failed: stderr.includes('rror:') }).toEqual({ status: 0, failed: false });
    expect(synth(two).status).toBe(0);
    expect(contentsOf(join(one, 'dist'))).toEqual(contentsOf(join(two, 'dist')));
    expect(manifestsIn(one)).toHaveLength(10);
    expect(synth(one, '--check').status).toBe(0);
  });

  test('dozlab app writes to the folder that cdk8s names, and fails on an error', () => {
    const folder = projectWith(smallProject());
    const app = (output: string) =>
      spawnSync(process.execPath, [join(REPOSITORY, 'bin', 'dozlab'), 'app'], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, CDK8S_OUTDIR: output },
      });
    expect(app('elsewhere').status).toBe(0);
    expect(manifestsIn(folder, 'elsewhere')).toHaveLength(5);
    addFiles(folder, { 'labs/vm.yaml': '{' });
    expect(app('third').status).toBe(1);
    expect(pathsBelow(join(folder, 'third'))).toEqual([]);
  });
});
