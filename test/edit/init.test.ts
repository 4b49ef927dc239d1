import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProject } from '../../src/edit/init';
import { loadProject } from '../../src/source/load-project';
import { synthesizeProject } from '../../src/synth/synthesize';
import { REPOSITORY } from '../support/cli';
import { dozlabRun } from '../support/cli-runs';
import { contentsOf, identitiesOf, pathsBelow } from '../support/folder';
import { git } from '../support/git';
import { errorsIn } from '../support/problems';
import { addFiles, temporaryFolder } from '../support/project';

describe('a new project', () => {
  const make = (name = 'My Labs 2027'): string => {
    const folder = join(temporaryFolder(), 'deep', name);
    createProject(folder, REPOSITORY);
    return folder;
  };

  test('has four labs, the cohort default with a session, and is valid', () => {
    const folder = make();
    const { labs, cohorts, project } = loadProject(folder);
    expect(labs.map(({ name }) => name)).toEqual(['custom-initrd', 'docker', 'kubernetes', 'vm']);
    expect(cohorts.map(({ name, sessions }) => [name, sessions.length])).toEqual([['default', 1]]);
    expect(project.value?.kind).toBe('Project');
    expect(errorsIn(folder)).toEqual([]);
    expect(synthesizeProject(folder).files?.map(({ path }) => path)).toContain('sessions/default/example.yaml');
  });

  test('stays fresh in a checkout that converts line ends', () => {
    const folder = make();
    const synth = (...more: string[]) => dozlabRun(['synth', '--project', folder, ...more]);
    expect(synth()).toMatchObject({ status: 0 });
    const checkOut = (): void => {
      git(folder, 'add', '-A');
      git(folder, 'commit', '--quiet', '-m', 'all');
      git(folder, 'config', 'core.autocrlf', 'true');
      git(folder, 'rm', '-rq', '--cached', '.');
      git(folder, 'reset', '--quiet', '--hard');
    };
    git(folder, 'init', '--quiet');
    checkOut();
    expect(synth('--check')).toMatchObject({ status: 0 });

    addFiles(folder, { '.gitattributes': 'dist/** linguist-generated\n' });
    checkOut();
    const { status, stderr } = synth('--check');
    expect(status).toBe(1);
    expect(stderr).toContain('dist/ has other line ends (CRLF): Git converts them in this checkout. Fix: add "* text=auto eol=lf" to .gitattributes, commit it, and run dozlab synth'); // prettier-ignore
    expect(synth()).toMatchObject({ status: 0 });
    expect(synth('--check')).toMatchObject({ status: 0 });
  });

  test('returns the paths of all files', () => {
    const folder = join(temporaryFolder(), 'labs');
    expect(createProject(folder, REPOSITORY).sort()).toEqual(pathsBelow(folder));
  });

  test.each(['Ünïcode', '123', '-', 'null', 'yes', 'a'.repeat(100), '"quoted"', "it's # {odd}: x"])(
    'may be in a folder named %j',
    (name) => {
      expect(errorsIn(make(name))).toEqual([]);
    },
  );

  test('names existing schemas in the first lines of its files', () => {
    const folder = make();
    const files = pathsBelow(folder).filter((path) => /^(dozlab|labs\/|sessions\/).*\.yaml$/.test(path));
    expect(files.length).toBeGreaterThan(5);
    for (const path of ['dozlab.yaml', ...files]) {
      const schema = /^# yaml-language-server: \$schema=(.*)$/m.exec(readFileSync(join(folder, path), 'utf8'))?.[1];
      expect(
        () => JSON.parse(readFileSync(join(folder, path, '..', schema ?? 'none'), 'utf8')) as unknown,
      ).not.toThrow();
    }
  });
});

describe('createProject overwrites nothing', () => {
  test.each(['dozlab.yaml', 'cdk8s.yaml', '.gitattributes', 'labs/vm.yaml', 'sessions/default/example.yaml'])(
    'if %s exists',
    (path) => {
      const folder = temporaryFolder();
      addFiles(folder, { [path]: 'mine', 'README.md': 'mine' });
      const before = identitiesOf(folder);
      expect(() => createProject(folder, REPOSITORY)).toThrow(
        expect.objectContaining({ code: 'project-exists' }) as Error,
      );
      expect(identitiesOf(folder)).toEqual(before);
    },
  );

  test('if the folder is a file', () => {
    const folder = temporaryFolder();
    addFiles(folder, { labs: 'mine' });
    expect(() => createProject(join(folder, 'labs'), REPOSITORY)).toThrow(
      expect.objectContaining({ code: 'write-failed' }) as Error,
    );
    expect(contentsOf(folder)).toEqual(new Map([['labs', 'mine']]));
  });
});

describe('dozlab init', () => {
  test('creates a project that synth accepts; a second run fails and changes nothing', () => {
    const folder = temporaryFolder();
    const first = dozlabRun(['init', 'labs'], { cwd: folder });
    expect(first.status).toBe(0);
    expect(first.stdout.trimEnd().split('\n').sort()).toEqual(pathsBelow(join(folder, 'labs')));
    const project = join(folder, 'labs');
    expect(dozlabRun(['validate'], { cwd: project }).status).toBe(0);
    expect(dozlabRun(['synth'], { cwd: project }).status).toBe(0);

    const before = identitiesOf(folder);
    const second = dozlabRun(['init', 'labs'], { cwd: folder });
    expect({ status: second.status, stdout: second.stdout }).toEqual({ status: 1, stdout: '' });
    expect(second.stderr).toMatch(/^dozlab: labs has dozlab\.yaml, .*already; nothing was written/);
    expect(identitiesOf(folder)).toEqual(before);
  });

  test('uses the current folder by default, and keeps other files', () => {
    const folder = temporaryFolder();
    addFiles(folder, { 'README.md': 'mine' });
    expect(dozlabRun(['init'], { cwd: folder }).status).toBe(0);
    expect(contentsOf(folder).get('README.md')).toBe('mine');
    expect(errorsIn(folder)).toEqual([]);
  });
});
