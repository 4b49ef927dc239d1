import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../../support/cli-runs';
import { TestForge, type Answer, type Asked } from '../../support/forge';
import { dozlabIn, git, repositoryWith, stateOf, type TestRepository } from '../../support/git';
import { NOW } from '../../support/lifecycle';
import { temporaryFolder } from '../../support/project';

const TOKEN = 'token-that-nobody-sees-0123456789';
const EXTEND = ['session', 'extend', 'alice', '--until', '2030-01-02T00:00:00Z', '--now', NOW];

/** A program in place of ssh: runs git's command here, on the bare repository instead of the one in the URL. */
function shellTo(remote: string): string {
  const script = join(temporaryFolder(), 'ssh');
  writeFileSync(script, `#!/bin/sh\nfor last; do :; done\nexec "\${last%% *}" "${remote}"\n`, { mode: 0o755 });
  return script;
}

const forges: TestForge[] = [];

afterAll(async () => {
  for (const forge of forges) await forge.stop();
});

interface Opened {
  readonly run: Run;
  readonly asked: readonly Asked[];
  readonly repository: TestRepository;
  /** State of the repository before the command. */
  readonly before: ReturnType<typeof stateOf>;
}

/** Extends a session and opens a request for it. */
async function opened(
  answer: (asked: Asked) => Answer | undefined,
  variables: (root: string) => NodeJS.ProcessEnv,
  ...options: string[]
): Promise<Opened> {
  const repository = repositoryWith();
  const forge = new TestForge((asked) => (asked.token === TOKEN ? answer(asked) : { status: 401, content: { message: 'Bad credentials' } })); // prettier-ignore
  forges.push(forge);
  const root = await forge.start();
  git(repository.root, 'remote', 'set-url', 'origin', 'ssh://git@127.0.0.1:2222/group/sub/repo.git');
  const before = stateOf(repository.root);
  const run = await dozlabIn(repository.folder, [...EXTEND, ...options], {
    GIT_SSH_COMMAND: shellTo(repository.remote),
    ...variables(root),
  });
  expect(run.stdout + run.stderr).not.toContain(TOKEN);
  return { run, asked: forge.asked, repository, before };
}

const HUB = '/repos/group/sub/repo';
const LAB = '/api/v4/projects/group%2Fsub%2Frepo';
const hub = (root: string): NodeJS.ProcessEnv => ({ GITHUB_API_URL: root, GH_TOKEN: TOKEN });
const lab = (root: string): NodeJS.ProcessEnv => ({ CI_API_V4_URL: `${root}/api/v4`, GITLAB_TOKEN: TOKEN });
const PULL = 'https://github.example.com/pull/3';
const MERGE = 'https://gitlab.example.com/-/merge_requests/3';

/** A service that opens a request, or says that one is open. */
const opens =
  (isThere: boolean) =>
  ({ method, path }: Asked): Answer | undefined => {
    if (path === HUB || path === LAB) return { content: {} };
    if (path === `${HUB}/pulls` && method === 'GET') return { content: [{ html_url: PULL }] };
    if (path === `${LAB}/merge_requests` && method === 'GET') return { content: [{ web_url: MERGE }] };
    if (path === `${HUB}/pulls`)
      return isThere
        ? { status: 422, content: { message: 'Validation Failed', errors: [{ message: 'A pull request already exists for group:longer.' }] } } // prettier-ignore
        : { status: 201, content: { html_url: PULL } };
    if (path !== `${LAB}/merge_requests`) return undefined;
    return isThere
      ? { status: 409, content: { message: ['Another open merge request already exists'] } }
      : { status: 201, content: { web_url: MERGE } };
  };

describe.each([
  ['GitHub', hub, PULL, { title: 'session class/alice until 2030-01-02T00:00:00Z', head: 'longer', base: 'main' }],
  ['GitLab', lab, MERGE, { title: 'session class/alice until 2030-01-02T00:00:00Z', source_branch: 'longer', target_branch: 'main' }], // prettier-ignore
])('--open at %s', (_, variables, url, content) => {
  test('opens a request', async () => {
    const { run, asked, repository } = await opened(
      opens(false),
      variables,
      '--branch',
      'longer',
      '--open',
      '-o',
      'json',
    );
    expect(run).toMatchObject({ status: 0 });
    const commit = git(repository.root, 'rev-parse', 'HEAD');
    expect(JSON.parse(run.stdout)).toMatchObject({ branch: 'longer', commit, pushed: true, url });
    expect(git(repository.remote, 'rev-parse', 'longer')).toBe(commit);
    expect(asked.at(-1)).toMatchObject({ method: 'POST', content });
  });

  test('finds the request that is open', async () => {
    const { run } = await opened(opens(true), variables, '--branch', 'longer', '--open');
    expect(run).toMatchObject({ status: 0 });
    expect(run.stderr).toContain(`already open: ${url}`);
  });

  test('opens nothing with --dry-run', async () => {
    const { run, asked, repository, before } = await opened(opens(false), variables, '--open', '--dry-run');
    expect(run).toMatchObject({ status: 0 });
    expect(run.stderr).toMatch(/would open a (pull|merge) request for main/);
    expect(asked.map(({ method }) => method)).toEqual(['GET']);
    expect(stateOf(repository.root)).toEqual(before);
  });

  test('writes nothing if the token is wrong', async () => {
    const wrong = { GH_TOKEN: 'another-token-that-is-wrong', GITLAB_TOKEN: 'another-token-that-is-wrong' };
    const { run, repository, before } = await opened(
      opens(false),
      (root) => ({ ...variables(root), ...wrong }),
      '--open',
    );
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toContain('refuses (401): Bad credentials; the token is wrong');
    expect(stateOf(repository.root)).toEqual(before);
  });

  test('prints the page to open without a token', async () => {
    const none = { GH_TOKEN: '', GITLAB_TOKEN: '' };
    const { run, asked } = await opened(
      opens(false),
      (root) => ({ ...variables(root), ...none }),
      '--open',
      '-o',
      'json',
    );
    expect(run).toMatchObject({ status: 0 });
    const branch = 'dozlab/session-class-alice-until-2030-01-02t00-00-00z';
    expect(JSON.parse(run.stdout)).toMatchObject({ branch, pushed: true });
    expect((JSON.parse(run.stdout) as { url: string }).url).toMatch(
      /\/compare\/main\.\.\.dozlab\/|source_branch%5D=dozlab/,
    );
    expect(asked).toEqual([]);
  });

  test('prints the page to open if the service refuses after the push', async () => {
    const answer = (asked: Asked): Answer | undefined =>
      asked.method === 'GET' ? { content: [] } : { status: 403, content: { message: 'not permitted to create' } };
    const { run, repository } = await opened(answer, variables, '--branch', 'longer', '--open', '-o', 'json');
    expect(run.status).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({ branch: 'longer', pushed: true });
    expect(run.stderr).toContain('refuses (403): not permitted to create');
    expect(run.stderr).toMatch(/the branch is pushed, but no (pull|merge) request is open\. Fix: open it at https:/);
    expect(git(repository.remote, 'rev-parse', 'longer')).toBe(git(repository.root, 'rev-parse', 'HEAD'));
  });
});
