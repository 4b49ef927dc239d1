import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { REPOSITORY } from '../support/cli';
import { dozlabRuns, type Run } from '../support/cli-runs';
import { TestForge, type Answer, type Asked } from '../support/forge';
import { VARIABLES, git, repositoryWith, type TestRepository } from '../support/git';
import { addFiles, project, session, type Files } from '../support/project';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly on: unknown;
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, { readonly permissions: Readonly<Record<string, string>>; readonly steps: readonly Step[] }>>; // prettier-ignore
}

interface Pipeline {
  readonly default: { readonly before_script: readonly string[] };
  readonly workflow: { readonly rules: readonly { readonly if: string }[] };
  readonly sessions: { readonly script: readonly string[] };
  readonly merged: { readonly rules: readonly { readonly if: string }[]; readonly script: readonly string[] };
  readonly expire: { readonly script: readonly string[] };
}

const read = (path: string): unknown => parse(readFileSync(join(REPOSITORY, path), 'utf8'));
const sessions = read('.github/workflows/sessions.yml') as Workflow;
const expire = read('.github/workflows/expire.yml') as Workflow;
const pipeline = read('.gitlab-ci.yml') as Pipeline;

const stepsOf = ({ jobs }: Workflow): readonly Step[] => Object.values(jobs).flatMap(({ steps }) => steps);
const runsOf = (workflow: Workflow): string[] => stepsOf(workflow).flatMap(({ run }) => run ?? []);
const scripts = [
  ...runsOf(sessions),
  ...runsOf(expire),
  ...pipeline.sessions.script,
  ...pipeline.merged.script,
  ...pipeline.expire.script,
];

test('workflows have the least permissions, and put no input into a script', () => {
  expect(sessions.on).toEqual({ pull_request: null, merge_group: null, push: { branches: ['main'] } });
  expect([sessions.permissions, expire.permissions]).toEqual([{}, {}]);
  expect(sessions.jobs['sessions']?.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
  expect(expire.jobs['expire']?.permissions).toEqual({ contents: 'write', 'pull-requests': 'write' });
  expect(runsOf(sessions).concat(runsOf(expire)).join('\n')).not.toContain('${{');
  const used = [...stepsOf(sessions), ...stepsOf(expire)].flatMap(({ uses }) => uses ?? []);
  expect(used.filter((action) => !/^actions\/[a-z-]+@v\d+$/.test(action))).toEqual([]);
});

test('workflows use commands and options that exist', () => {
  const used = scripts.flatMap((script) => Array.from(script.matchAll(/bin\/dozlab ([a-z]+)([^;>\n]*)/g), ([, command = '', rest = '']) => ({ command, options: rest.match(/--[a-z-]+/g) ?? [] }))); // prettier-ignore
  const [all] = dozlabRuns([['--help']]);
  const there = used.filter(({ command }) => new RegExp(`^  dozlab ${command} `, 'm').test(all?.stdout ?? ''));
  expect(used.filter((each) => !there.includes(each))).toEqual([]);
  const helps = dozlabRuns(there.map(({ command }) => [command, '--help']));
  expect(there.length).toBeGreaterThan(7);
  for (const [index, { options }] of there.entries())
    for (const option of options) expect(helps[index]?.stdout).toMatch(new RegExp(`^ .*${option} `, 'm'));
});

const TOKEN = 'token-that-nobody-sees-0123456789';

/** Runs the steps of a job in a repository, with the program that was built here. */
function job({ root }: TestRepository, steps: readonly string[], variables: NodeJS.ProcessEnv): Promise<Run> {
  mkdirSync(join(root, 'bin'), { recursive: true });
  const program = `#!/bin/sh\nexec "${process.execPath}" "${join(REPOSITORY, 'bin', 'dozlab')}" "$@"\n`;
  writeFileSync(join(root, 'bin', 'dozlab'), program, { mode: 0o755 });
  const script = ['set -eo pipefail', ...steps.filter((step) => step !== 'npm ci')].join('\n');
  return new Promise((resolve) => {
    const env = { ...VARIABLES, ...variables };
    execFile('bash', ['-c', script], { cwd: root, env }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

const forges: TestForge[] = [];
const started = async (answer: (asked: Asked) => Answer | undefined) => {
  const forge = new TestForge((asked) => (asked.token === TOKEN ? answer(asked) : { status: 401, content: {} }));
  forges.push(forge);
  return { forge, root: await forge.start() };
};

afterAll(async () => {
  for (const forge of forges) await forge.stop();
});

test('GitHub checks a pull request and comments on it', async () => {
  const repository = repositoryWith();
  const { forge, root } = await started(({ method, path }) => {
    if (path === '/user') return { status: 403, content: {} };
    if (path !== '/repos/o/r/issues/7/comments') return undefined;
    return method === 'GET' ? { content: [] } : { status: 201, content: { html_url: 'https://github.com/c' } };
  });
  const variables = {
    RUNNER_TEMP: repository.remote,
    GITHUB_STEP_SUMMARY: join(repository.remote, 'summary.md'),
    GITHUB_REPOSITORY: 'o/r',
    GITHUB_REF: 'refs/pull/7/merge',
    GITHUB_BASE_REF: 'main',
    GITHUB_API_URL: root,
    GITHUB_TOKEN: TOKEN,
  };
  expect(await job(repository, runsOf(sessions), variables)).toMatchObject({ status: 0 });
  const quiet = readFileSync(variables.GITHUB_STEP_SUMMARY, 'utf8');
  expect(quiet).toContain('## Nothing changes in the cluster');
  expect(forge.asked.at(-1)?.content['body']).toBe(quiet);
  addFiles(repository.folder, { 'sessions/class/bob.yaml': session('bob') });
  const stale = await job(repository, runsOf(sessions), variables);
  expect(stale).toMatchObject({ status: 1 });
  expect(stale.stderr).toContain('dist/ is stale');
  expect(forge.asked.at(-1)?.content['body']).toContain('## Sessions: 1 new');
  addFiles(repository.folder, { 'sessions/class/bob.yaml': session('bob', { lab: 'nowhere' }) });
  expect(await job(repository, runsOf(sessions), variables)).toMatchObject({ status: 1 });
  expect(forge.asked.at(-1)?.content['body']).toContain('## Not valid: 1 error');
});

test('GitLab checks a merge request, and comments on it with a token', async () => {
  const repository = repositoryWith();
  const request = '/api/v4/projects/42/merge_requests/3';
  const { forge, root } = await started(({ method, path }) => {
    if (path === '/api/v4/user') return { content: { id: 1 } };
    if (path === request) return { content: { web_url: 'https://gitlab.com/3' } };
    if (path !== `${request}/notes`) return undefined;
    return method === 'GET' ? { content: [] } : { status: 201, content: { id: 9 } };
  });
  const variables = {
    CI_API_V4_URL: `${root}/api/v4`,
    CI_PROJECT_ID: '42',
    CI_MERGE_REQUEST_IID: '3',
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
  };
  expect(await job(repository, pipeline.sessions.script, variables)).toMatchObject({ status: 0 });
  expect(forge.asked).toEqual([]);
  expect(await job(repository, pipeline.sessions.script, { ...variables, GITLAB_TOKEN: TOKEN })).toMatchObject({ status: 0 }); // prettier-ignore
  expect(forge.asked.at(-1)?.content['body']).toContain('## Nothing changes in the cluster');
});

test.each([
  ['GitHub', runsOf(expire)],
  ['GitLab', pipeline.expire.script],
])('%s proposes the end of sessions in a nightly job, each night again', async (name, steps) => {
  const repository = repositoryWith({ 'sessions/class/past.yaml': session('past', { expiresAt: '2020-01-01T00:00:00Z' }) }); // prettier-ignore
  git(repository.root, 'checkout', '--quiet', '--detach');
  // The job of GitLab sets the URL of the push, which Git replaces with the remote.
  git(repository.root, 'config', `url.${repository.remote}.insteadOf`, 'https://gitlab.example.com/g/p.git');
  const variables = { CI_SERVER_URL: 'https://gitlab.example.com', CI_PROJECT_PATH: 'g/p' };
  for (const night of [1, 2]) {
    const run = await job(repository, steps, variables);
    expect([night, name, run]).toMatchObject([night, name, { status: 0 }]);
    const files = git(repository.remote, 'show', '--name-status', '--format=', 'dozlab-expire');
    expect(files).toBe('D\tdist/sessions/class/past.yaml\nD\tsessions/class/past.yaml');
    git(repository.root, 'checkout', '--quiet', '--detach', 'main');
    git(repository.root, 'branch', '--quiet', '-D', 'dozlab-expire');
  }
});

const labelled = { values: { labels: { team: 'blue' } } };

test.each([
  ['GitHub', stepsOf(sessions).flatMap(({ if: condition, run }) => (condition === undefined ? (run ?? []) : []))],
  ['GitLab', pipeline.merged.script],
])('%s finds a stale merge of two branches that were fresh', async (_, steps) => {
  const repository = repositoryWith();
  const { root, folder } = repository;
  const branch = (name: string, files: Files): void => {
    git(root, 'checkout', '--quiet', '-B', name, 'main');
    addFiles(folder, files);
    expect(dozlabRuns([['synth', '--project', folder]])[0]).toMatchObject({ status: 0 });
    git(root, 'add', '-A');
    git(root, 'commit', '--quiet', '-m', name);
  };
  branch('label', { 'dozlab.yaml': project(labelled) });
  branch('bob', { 'sessions/class/bob.yaml': session('bob') });
  expect(await job(repository, steps, {})).toMatchObject({ status: 0 });
  git(root, 'merge', '--quiet', '--no-edit', 'label');
  const merged = await job(repository, steps, {});
  expect(merged).toMatchObject({ status: 1 });
  expect(merged.stdout).toContain('changed  dist/sessions/class/bob.yaml');
});

test('the merge is checked by GitHub in its queue and on main, without a report, and by GitLab on the default branch', () => {
  const ofRequests = stepsOf(sessions).filter(({ if: condition }) => condition?.startsWith("github.event_name == 'pull_request'")); // prettier-ignore
  expect(ofRequests.flatMap(({ run }) => run ?? []).join('\n')).toMatch(/report[^]*comment/);
  const rule = { if: '$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH' };
  expect(pipeline.merged.rules).toEqual([rule]);
  expect(pipeline.workflow.rules).toContainEqual(rule);
});
