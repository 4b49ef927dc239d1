import { siteOf } from '../../src/git/forge/site';
import { keepSecretsOf, remoteAddress, withoutUserInfo, type RemoteAddress } from '../../src/git/remote-url';
import { withoutSecrets } from '../../src/core/redact';

test.each([
  ['https://github.com/o/r.git', 'github.com', 'https://github.com', 'o/r'],
  ['https://github.com/o/r', 'github.com', 'https://github.com', 'o/r'],
  ['https://x-access-token:ghs_0123456789@github.com/o/r.git/', 'github.com', 'https://github.com', 'o/r'],
  ['https://ghp_012345678901234567890123@GitHub.com/o/r', 'github.com', 'https://github.com', 'o/r'],
  ['https://git.example.com:8443/g/s/r.git', 'git.example.com', 'https://git.example.com:8443', 'g/s/r'],
  ['http://localhost:3000/g/r.git', 'localhost', 'http://localhost:3000', 'g/r'],
  ['ssh://git@gitlab.com/g/s/r.git', 'gitlab.com', 'https://gitlab.com', 'g/s/r'],
  ['ssh://git@git.example.com:2222/g/r.git', 'git.example.com', 'https://git.example.com', 'g/r'],
  ['git+ssh://git@git.example.com/g/r', 'git.example.com', 'https://git.example.com', 'g/r'],
  ['git@github.com:o/r.git', 'github.com', 'https://github.com', 'o/r'],
  ['git@gitlab.com:g/s/r.git', 'gitlab.com', 'https://gitlab.com', 'g/s/r'],
  ['github.com:o/r', 'github.com', 'https://github.com', 'o/r'],
  ['git@git.example.com:/g/r.git', 'git.example.com', 'https://git.example.com', 'g/r'],
])('%s', (url, host, web, path) => {
  expect(remoteAddress(url)).toEqual({ host, web, path });
});

test.each([
  '/srv/git/r.git',
  '../r.git',
  'C:\\git\\r',
  'C:/git/r',
  'file:///srv/r.git',
  'https://',
  'https://github.com/',
  '',
])(
  // prettier-ignore
  '%j is no address of a service',
  (url) => {
    expect(remoteAddress(url)).toBeUndefined();
  },
);

test('what is secret in a URL is not shown', () => {
  expect(withoutUserInfo("fatal: 'https://me:hidden@github.com/o/r' and ssh://git@host/x")).toBe("fatal: 'https://github.com/o/r' and ssh://host/x"); // prettier-ignore
  keepSecretsOf('https://x-access-token:pass%40word-1@github.com/o/r.git');
  keepSecretsOf('https://token-in-place-of-a-user@github.com/o/r.git');
  keepSecretsOf('https://alice@github.com/o/r.git');
  expect(withoutSecrets('pass%40word-1 pass@word-1 token-in-place-of-a-user alice')).toBe('(not shown) (not shown) (not shown) alice'); // prettier-ignore
});

const at = (url: string): RemoteAddress => {
  const address = remoteAddress(url);
  if (address === undefined) throw new Error(url);
  return address;
};

test('where a person opens a request', () => {
  const proposal = { branch: 'term/a&b', base: 'main' };
  const page = (url: string, variables = {}): string | undefined => siteOf(at(url), variables)?.pageFor(proposal);
  expect(page('git@github.com:o/r.git')).toBe('https://github.com/o/r/compare/main...term/a%26b?expand=1');
  expect(page('ssh://git@ssh.github.com:443/o/r.git')).toBe(
    'https://github.com/o/r/compare/main...term/a%26b?expand=1',
  );
  expect(page('git@github.example.com:o/r.git')).toContain('https://github.example.com/o/r/compare/');
  expect(page('git@gitlab.com:g/s/r.git')).toBe('https://gitlab.com/g/s/r/-/merge_requests/new?merge_request%5Bsource_branch%5D=term%2Fa%26b&merge_request%5Btarget_branch%5D=main'); // prettier-ignore
  expect(page('git@git.example.com:g/r.git')).toBeUndefined();
  expect(page('git@git.example.com:g/r.git', { CI_API_V4_URL: 'https://git.example.com/api/v4' })).toContain('/-/merge_requests/new?'); // prettier-ignore
  expect(page('git@git.example.com:g/r.git', { GITHUB_API_URL: 'https://git.example.com/api/v3' })).toContain('/compare/'); // prettier-ignore
  expect(page('git@bitbucket.org:g/r.git', { GITHUB_API_URL: 'https://api.github.com' })).toBeUndefined();
});

test('the token of one host is not for another', () => {
  const token = { GITHUB_TOKEN: 'token-of-github-com', GITLAB_TOKEN: 'token-of-gitlab' };
  const hasToken = (url: string, variables = {}): boolean => siteOf(at(url), variables)?.forge !== undefined;
  expect(hasToken('git@github.com:o/r.git', token)).toBe(true);
  expect(hasToken('git@acme.ghe.com:o/r.git', token)).toBe(true);
  expect(hasToken('git@github.example.com:o/r.git', token)).toBe(false);
  expect(hasToken('git@github.example.com:o/r.git', { GH_ENTERPRISE_TOKEN: 'token-of-enterprise' })).toBe(true);
  expect(hasToken('git@github.example.com:o/r.git', { ...token, GITHUB_SERVER_URL: 'https://github.example.com', GITHUB_API_URL: 'https://github.example.com/api/v3' })).toBe(true); // prettier-ignore
  expect(hasToken('git@gitlab.example.com:o/r.git', token)).toBe(true);
  expect(hasToken('git@gitlab.com:o/r.git', { GITLAB_TOKEN: ' ' })).toBe(false);
});
