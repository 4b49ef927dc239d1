import { maskSecretsOf, remoteAddress, withoutUserInfo } from '../../src/git/remote-url';
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
])('remoteAddress parses %s', (url, host, web, path) => {
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
  'remoteAddress returns undefined for %j',
  (url) => {
    expect(remoteAddress(url)).toBeUndefined();
  },
);

test('passwords and tokens in a URL are masked', () => {
  expect(withoutUserInfo("fatal: 'https://me:hidden@github.com/o/r' and ssh://git@host/x")).toBe("fatal: 'https://github.com/o/r' and ssh://host/x"); // prettier-ignore
  maskSecretsOf('https://x-access-token:pass%40word-1@github.com/o/r.git');
  maskSecretsOf('https://token-in-place-of-a-user@github.com/o/r.git');
  maskSecretsOf('https://alice@github.com/o/r.git');
  expect(withoutSecrets('pass%40word-1 pass@word-1 token-in-place-of-a-user alice')).toBe('(not shown) (not shown) (not shown) alice'); // prettier-ignore
});
