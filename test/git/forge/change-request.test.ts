import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestForge, pageOf, type Answer, type Asked } from '../../support/forge';
import { dozlabIn, git } from '../../support/git';
import { temporaryFolder } from '../../support/project';

const TOKEN = 'token-that-nobody-sees-0123456789';
const MARKER = '<!-- dozlab-report -->';

interface Comment {
  readonly id: number;
  body: string;
  readonly html_url: string;
  readonly user: { readonly login: string; readonly type: string };
}

/** GitHub's API for comments. */
class GitHubComments {
  readonly comments: Comment[] = [];
  /** Owner of the token; undefined for the token of a workflow. */
  self: string | undefined;
  isReadOnly = false;

  add(login: string, body: string, type = 'User'): void {
    const id = this.comments.length + 1;
    this.comments.push({ id, body, html_url: `https://example.com/c/${String(id)}`, user: { login, type } });
  }

  answer = (asked: Asked): Answer | undefined => {
    const { method, path, content, token } = asked;
    const refused = { status: 403, content: { message: 'Resource not accessible by integration' } };
    if (token !== TOKEN) return { status: 401, content: { message: `Bad credentials ${token}` } };
    if (path === '/user') return this.self === undefined ? refused : { content: { login: this.self, type: 'User' } };
    if (path === '/repos/o/r/issues/7/comments' && method === 'GET') return pageOf(this.comments, asked);
    if (method !== 'GET' && this.isReadOnly) return refused;
    if (path === '/repos/o/r/issues/7/comments') {
      this.add(this.self ?? 'github-actions[bot]', String(content['body']), this.self === undefined ? 'Bot' : 'User');
      return { status: 201, content: this.comments.at(-1) };
    }
    const found = this.comments.find(({ id }) => path === `/repos/o/r/issues/comments/${String(id)}`);
    if (found === undefined || method !== 'PATCH') return undefined;
    found.body = String(content['body']);
    return { content: found };
  };
}

const folder = temporaryFolder();
const report = join(folder, 'report.md');
const event = join(folder, 'event.json');
writeFileSync(event, JSON.stringify({ pull_request: { number: 7 } }));

const forges: TestForge[] = [];
const started = async (answer: (asked: Asked) => Answer | undefined) => {
  const forge = new TestForge(answer);
  forges.push(forge);
  return { forge, root: await forge.start() };
};

afterAll(async () => {
  for (const forge of forges) await forge.stop();
});

const commented = async (text: string, variables: NodeJS.ProcessEnv, ...options: string[]) => {
  writeFileSync(report, text);
  const run = await dozlabIn(folder, ['comment', '--file', report, ...options], variables);
  expect(run.stdout + run.stderr).not.toContain(TOKEN);
  return run;
};

describe('on GitHub, the command comment', () => {
  const job = (root: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    GITHUB_REPOSITORY: 'o/r',
    GITHUB_API_URL: root,
    GITHUB_EVENT_PATH: event,
    GITHUB_TOKEN: TOKEN,
    ...more,
  });

  test('keeps one comment of a workflow up to date, on any page, and leaves those of others', async () => {
    const hub = new GitHubComments();
    for (let index = 0; index < 120; index += 1) hub.add('alice', `comment ${String(index)}`);
    hub.add('mallory', `${MARKER}\nmine`);
    const { root } = await started(hub.answer);
    expect(await commented('# One\n', job(root))).toMatchObject({ status: 0, stdout: 'https://example.com/c/122\n' });
    const again = await commented('# Two\n', job(root), '-o', 'json');
    expect(JSON.parse(again.stdout)).toEqual({ number: 7, change: 'changed', dryRun: false, url: 'https://example.com/c/122' }); // prettier-ignore
    const same = await commented('# Two\n', job(root));
    expect(same.stderr).toContain('comment on pull request 7: unchanged');
    expect(hub.comments).toHaveLength(122);
    expect(hub.comments.at(-1)?.body).toBe(`${MARKER}\n# Two\n`);
    expect(hub.comments.at(-2)?.body).toBe(`${MARKER}\nmine`);
  });

  test('changes the comment of the token owner, not the comment of a bot', async () => {
    const hub = new GitHubComments();
    hub.self = 'teacher';
    hub.add('github-actions[bot]', MARKER, 'Bot');
    const { root } = await started(hub.answer);
    const variables = job(root, { GITHUB_EVENT_PATH: '', GITHUB_REF: 'refs/pull/7/merge' });
    expect(await commented('one', variables, '--dry-run')).toMatchObject({ status: 0, stdout: '' });
    expect(hub.comments).toHaveLength(1);
    expect(await commented('one', variables)).toMatchObject({ status: 0 });
    expect(hub.comments.map(({ user }) => user.login)).toEqual(['github-actions[bot]', 'teacher']);
  });

  test('prints why GitHub refuses a request, without the token', async () => {
    const hub = new GitHubComments();
    const { root, forge } = await started(hub.answer);
    hub.isReadOnly = true;
    const fork = await commented('one', job(root));
    expect(fork).toMatchObject({ status: 1, stdout: '' });
    expect(fork.stderr).toContain('refuses (403): Resource not accessible by integration; the token lacks the permission (in a pull request from a fork it can only read)'); // prettier-ignore
    const wrong = await commented('one', job(root, { GITHUB_TOKEN: 'another-token-that-is-wrong' }));
    expect(wrong.stderr).toContain('refuses (401): Bad credentials (not shown); the token is wrong');
    const none = await commented('one', job(root), '--number', '8');
    expect(none.stderr).toContain('refuses (404): Not Found');
    const before = forge.asked.length;
    const long = await commented('ä'.repeat(65_536 - MARKER.length), job(root));
    expect(long).toMatchObject({ status: 1, stdout: '' });
    expect(long.stderr).toContain('the report has 65537 characters; a comment on a pull request has at most 65536');
    expect((await commented(' \n', job(root))).stderr).toContain('the report is empty');
    expect((await commented('x', job(root, { GITHUB_TOKEN: '' }))).stderr).toContain(
      'a token is needed. Fix: set GITHUB_TOKEN',
    );
    expect((await commented('x', job(root, { GITHUB_EVENT_PATH: '/none' }))).stderr).toContain('Fix: set --number');
    expect((await commented('x', job(root), '--number', 'x')).status).toBe(2);
    expect(forge.asked).toHaveLength(before);
  });

  test('finds the repository by the remote outside of a CI job', async () => {
    const hub = new GitHubComments();
    hub.self = 'teacher';
    const { root } = await started(hub.answer);
    git(folder, 'init', '--quiet');
    git(folder, 'remote', 'add', 'origin', 'git@127.0.0.1:o/r.git');
    const variables = { GITHUB_API_URL: root, GH_TOKEN: TOKEN };
    expect(await commented('one', variables, '--number', '7')).toMatchObject({ status: 0 });
    expect(hub.comments.map(({ body }) => body)).toEqual([`${MARKER}\none`]);
    expect((await commented('one', variables)).stderr).toContain(
      'the number of the pull request is missing. Fix: set --number',
    );
  });

  test('does not send a malformed token, and none without TLS', async () => {
    const odd = await commented('x', { ...job('http://127.0.0.1:9'), GITHUB_TOKEN: `${TOKEN}\nx` });
    expect(odd).toMatchObject({ status: 1, stdout: '' });
    expect(odd.stderr).toContain('the token contains a space, a line break or a character outside of ASCII');
    const clear = await commented('x', job('http://api.example.com'));
    expect(clear.stderr).toContain('dozlab sends no token over http://api.example.com. Fix: use https');
  });
});

test('on GitLab, the command comment keeps one note up to date', async () => {
  const notes = [
    { id: 1, body: MARKER, system: true, author: { id: 5 } },
    { id: 2, body: MARKER, system: false, author: { id: 6 } },
    ...Array.from({ length: 150 }, (_, index) => ({ id: index + 3, body: 'x', system: false, author: { id: 5 } })),
  ];
  const request = '/api/v4/projects/42/merge_requests/3';
  const { root } = await started((asked) => {
    const { method, path, content } = asked;
    if (asked.token !== TOKEN) return { status: 401, content: { message: '401 Unauthorized' } };
    if (path === '/api/v4/user') return { content: { id: 5 } };
    if (path === request) return { content: { web_url: 'https://gitlab.example.com/g/p/-/merge_requests/3' } };
    if (path === `${request}/notes` && method === 'GET') return pageOf(notes, asked);
    const body = String(content['body']);
    if (path === `${request}/notes`) {
      notes.push({ id: 999, body, system: false, author: { id: 5 } });
      return { status: 201, content: notes.at(-1) };
    }
    const found = notes.find(({ id }) => path === `${request}/notes/${String(id)}`);
    if (found === undefined || method !== 'PUT') return undefined;
    found.body = body;
    return { content: found };
  });
  const job = {
    CI_API_V4_URL: `${root}/api/v4`,
    CI_PROJECT_ID: '41',
    CI_MERGE_REQUEST_PROJECT_ID: '42',
    CI_MERGE_REQUEST_IID: '3',
    GITLAB_TOKEN: TOKEN,
  };
  const first = await commented('# One', job);
  expect(first).toMatchObject({ status: 0, stdout: 'https://gitlab.example.com/g/p/-/merge_requests/3#note_999\n' });
  expect((await commented('# Two', job)).stderr).toContain('comment on merge request 3: changed');
  expect(notes).toHaveLength(153);
  expect(notes.at(-1)?.body).toBe(`${MARKER}\n# Two`);
  const wrong = await commented('x', { ...job, GITLAB_TOKEN: 'another-token-that-is-wrong' });
  expect(wrong.stderr).toContain('refuses (401): 401 Unauthorized');
});

describe('the command comment refuses a response with', () => {
  const gitHub = (root: string) => ({ GITHUB_API_URL: root, GITHUB_REPOSITORY: 'o/r', GITHUB_TOKEN: TOKEN });
  const gitLab = (root: string) => ({ CI_API_V4_URL: root, CI_PROJECT_ID: '5', GITLAB_TOKEN: TOKEN });

  test.each([
    ['nothing', null, null],
    ['lists', [], []],
    ['a list of nothing', { login: 'me', id: 1 }, [null]],
    ['a URL that is a number', { login: 'me', id: 1, html_url: 5, web_url: 5 }, []],
    ['a URL that clears the screen', { login: 'me', html_url: 'https://x/\u001b[2J', id: '1' }, []],
  ])('%s', async (_, one, list) => {
    const isList = ({ method, path }: Asked): boolean => method === 'GET' && /(comments|notes)$/.test(path);
    const { root } = await started((asked) => ({ content: isList(asked) ? list : one }));
    for (const variables of [gitHub(root), gitLab(root)]) {
      const run = await commented('report', variables, '--number', '7');
      expect(run).toMatchObject({ status: 1, stdout: '' });
      expect(run.stderr).toMatch(/^dozlab: 127\.0\.0\.1:\d+ sent a response that its API does not document\n$/);
    }
  });

  test('the message of a service cannot control the terminal', async () => {
    const { root } = await started(() => ({ status: 422, content: { message: 'no\u001b[2J\u0007' } }));
    const { stderr } = await commented('report', gitHub(root), '--number', '7');
    expect(stderr).toMatch(/refuses \(422\): no \[2J/);
    expect(stderr).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  });

  test.each([
    ['an address that is not a URL', { ...gitHub('nonsense') }, 'the address of the API is not a URL'],
    ['a user in the address', { ...gitHub('https://me:Pa55word@127.0.0.1') }, 'contains a user'],
    [
      'a token of two lines',
      { ...gitHub('https://127.0.0.1'), GITHUB_TOKEN: 'one\ntwo' },
      'the token contains a space, a line break',
    ],
    ['no number', { ...gitLab('https://127.0.0.1'), CI_MERGE_REQUEST_IID: '7/../8' }, 'Fix: set --number'],
  ])('the command comment refuses an environment with %s', async (name, variables, message) => {
    const run = await commented('report', variables, ...(name === 'no number' ? [] : ['--number', '7']));
    expect(run).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining(message) as string });
    expect(run.stderr).not.toMatch(/Pa55word|TypeError/);
  });
});
