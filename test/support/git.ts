import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './cli';
import { dozlabRuns, startDozlabRun, type Run } from './cli-runs';
import { projectWith, smallProject, temporaryFolder, type Files } from './project';

const home = temporaryFolder();
export const VARIABLES: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  HOME: home,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'Teacher',
  GIT_AUTHOR_EMAIL: 'teacher@example.com',
  GIT_COMMITTER_NAME: 'Teacher',
  GIT_COMMITTER_EMAIL: 'teacher@example.com',
};

/** Throws if git fails. */
export function git(folder: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: folder, encoding: 'utf8', env: VARIABLES });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trimEnd();
}

/** Does not block the servers of this process. */
export const dozlabIn = (folder: string, args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Run> =>
  startDozlabRun(args, { cwd: folder, env: { ...VARIABLES, ...variables } });

/** A signal can reach this process. */
export const dozlabProcessIn = (folder: string, args: readonly string[]): Promise<Run> =>
  new Promise((resolve, reject) => {
    const program = join(REPOSITORY, 'bin', 'dozlab');
    const child = execFile(
      process.execPath,
      [program, ...args],
      { cwd: folder, env: VARIABLES },
      (error, stdout, stderr) => {
        // prettier-ignore
        const status = error === null ? 0 : error.code;
        if (typeof status === 'number') resolve({ status, stdout, stderr });
        else reject(new Error(stderr, { cause: error }));
      },
    );
    child.stdin?.end();
  });

/** A committed small project with dist/, and a bare repository as its remote `origin`. */
export interface TestRepository {
  readonly root: string;
  readonly folder: string;
  readonly remote: string;
}

const templates = new Map<string, TestRepository>();

export function repositoryWith(files: Files = {}, below = ''): TestRepository {
  const key = JSON.stringify([files, below]);
  const template = templates.get(key) ?? newRepository(files, below);
  templates.set(key, template);
  const root = join(temporaryFolder(), 'work');
  const remote = join(temporaryFolder(), 'remote.git');
  cpSync(template.root, root, { recursive: true });
  cpSync(template.remote, remote, { recursive: true });
  git(root, 'remote', 'set-url', 'origin', remote);
  return { root, folder: join(root, below), remote };
}

function newRepository(files: Files, below: string): TestRepository {
  const root = projectWith(prefixed(smallProject(files), below));
  const folder = join(root, below);
  const [synth] = dozlabRuns([['synth', '--project', folder]]);
  if (synth?.status !== 0) throw new Error(synth?.stderr);
  const remote = temporaryFolder();
  git(remote, 'init', '--quiet', '--bare', '--template=', '--initial-branch=main');
  git(root, 'init', '--quiet', '--template=', '--initial-branch=main');
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '--message=first');
  git(root, 'remote', 'add', 'origin', remote);
  git(root, 'push', '--quiet', '--set-upstream', 'origin', 'main');
  return { root, folder, remote };
}

const prefixed = (files: Files, below: string): Files =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [join(below, path), content]));

export function addHook(root: string, name: string, script: string): void {
  const hooks = join(root, '.git', 'hooks');
  mkdirSync(hooks, { recursive: true });
  writeFileSync(join(hooks, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

export const stateOf = (root: string): Record<string, string> => ({
  status: git(root, 'status', '--porcelain', '--untracked-files=all'),
  staged: git(root, 'diff', '--cached'),
  changed: git(root, 'diff'),
  branches: git(root, 'for-each-ref'),
  head: git(root, 'rev-parse', '--symbolic-full-name', 'HEAD'),
});
