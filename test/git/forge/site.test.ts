import { siteOf } from '../../../src/git/forge/site';
import { remoteAddress, type RemoteAddress } from '../../../src/git/remote-url';

const at = (url: string): RemoteAddress => {
  const address = remoteAddress(url);
  if (address === undefined) throw new Error(url);
  return address;
};

test('a site has the page where a person opens a request', () => {
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

test('a site uses no token of another host', () => {
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
