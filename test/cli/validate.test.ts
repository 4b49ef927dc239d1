import type { Problem } from '../../src/core/diagnostics';
import { dozlabRun } from '../support/cli-runs';
import { addFiles, project, projectWith, session, smallProject, temporaryFolder } from '../support/project';

const validate = (folder: string, ...options: string[]) => dozlabRun(['validate', ...options, '--project', folder]);

describe('dozlab validate', () => {
  test('of a project without errors tells warnings and what is needed, and passes', () => {
    const folder = projectWith(smallProject());
    const { status, stdout, stderr } = validate(folder);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^dozlab\.yaml:\d+:\d+ warning .*\[moving-image\]$/m);
    expect(stdout).toMatch(/^sessions\/class\/alice\.yaml:1:1 info needs the Secret lab-session-alice-secrets/m);
    expect(stderr).toMatch(/^1 session: 0 errors, \d+ warnings\n$/);
  });

  test('-o json prints a list of problems and nothing else', () => {
    const folder = projectWith(smallProject({ 'sessions/class/bob.yaml': session('bob', { suspended: 'no' }) }));
    const { status, stdout, stderr } = validate(folder, '-o', 'json');
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    const problems = JSON.parse(stdout) as Problem[];
    for (const problem of problems) {
      expect(Object.keys(problem).sort()).toEqual(['code', 'column', 'file', 'line', 'message', 'path', 'severity']);
      expect(['error', 'warning', 'info']).toContain(problem.severity);
    }
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([
      {
        severity: 'error',
        file: 'sessions/class/bob.yaml',
        line: 8,
        column: 14,
        path: 'spec.suspended',
        message: 'is "no"; accepted: true or false',
        code: 'wrong-type',
      },
    ]);
    expect(problems.some(({ severity }) => severity === 'info')).toBe(true);
  });

  test('-o json of a project without anything to say is an empty list', () => {
    const folder = projectWith({ 'dozlab.yaml': project() });
    expect(validate(folder, '-o', 'json')).toMatchObject({ status: 0, stdout: '[]\n', stderr: '' });
  });

  test('tells the problems of all files at once, in the order of the files, and no colors when it is not a terminal', () => {
    const folder = projectWith(
      smallProject({
        'dozlab.yaml': 'a: [\n',
        'labs/docker.yaml': { kind: 'Lab' },
        'sessions/class/bob.yaml': session('bob', { lab: 'vn', userId: 5 }),
        'sessions/class/carol.yaml': session('karol'),
      }),
    );
    const { status, stdout, stderr } = validate(folder);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^\d of 3 sessions valid: \d+ errors, /);
    const files = stdout.trimEnd().split('\n').map((line) => line.split(':')[0] ?? ''); // prettier-ignore
    expect(Array.from(new Set(files))).toEqual([
      'dozlab.yaml',
      'labs/docker.yaml',
      'sessions/class/bob.yaml',
      'sessions/class/carol.yaml',
    ]);
    expect(stdout).not.toContain('\u001b');
  });

  test('writes nothing', () => {
    const folder = projectWith(smallProject());
    validate(folder);
    expect(dozlabRun(['synth', '--check', '--project', folder]).stdout).toContain('new      dist/');
  });

  test('what is no project fails', () => {
    const folder = temporaryFolder();
    addFiles(folder, { 'values.yaml': '{}' });
    for (const place of [folder, `${folder}/none`, `${folder}/values.yaml`]) {
      const { status, stdout, stderr } = validate(place, '-o', 'json');
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toMatch(/^dozlab: there is no /);
    }
  });
});
