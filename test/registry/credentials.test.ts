import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DozlabError } from '../../src/core/errors';
import { loginsIn } from '../../src/registry/credentials';
import { withoutSecrets } from '../../src/core/redact';
import { temporaryFolder } from '../support/project';

const HOST = 'registry.example.com:5000';
const DOCKER = '.docker/config.json';
const HELM = '.config/helm/registry/config.json';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** The login at a host, with files in the user's home folder. */
function loginWith(files: Readonly<Record<string, unknown>>, host = HOST, variables: NodeJS.ProcessEnv = {}) {
  const home = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return loginsIn({ HOME: home, ...variables })(host);
}

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['by docker login', { [DOCKER]: { auths: { [HOST]: { auth: base64('teacher:hunter2:3') } } } }],
  ['under a URL', { [DOCKER]: { auths: { [`https://${HOST}/v2/`]: { auth: base64('teacher:hunter2:3') } } } }],
  ['in plain fields', { [DOCKER]: { auths: { [HOST]: { username: 'teacher', password: 'hunter2:3' } } } }],
  ['by helm registry login', { [HELM]: { auths: { [HOST]: { auth: base64('teacher:hunter2:3') } } } }],
  [
    'by helm registry login beside another login',
    {
      [DOCKER]: { auths: { 'example.com': {} } },
      [HELM]: { auths: { [HOST]: { auth: base64('teacher:hunter2:3') } } },
    },
  ],
])('finds and masks a login %s', (_, files) => {
  expect(loginWith(files)).toEqual({ username: 'teacher', password: 'hunter2:3' });
  const shown = withoutSecrets(`hunter2:3 ${base64('teacher:hunter2:3')}`);
  expect(shown).not.toContain('hunter2');
  expect(shown).not.toContain(base64('teacher:hunter2:3'));
});

test('finds the login at Docker Hub under the name that docker login uses', () => {
  const files = {
    [DOCKER]: { auths: { 'https://index.docker.io/v1/': { username: 'teacher', password: 'hunter2' } } },
  };
  expect(loginWith(files, 'docker.io')).toEqual({ username: 'teacher', password: 'hunter2' });
});

test('finds an identity token', () => {
  const files = { [DOCKER]: { auths: { [HOST]: { auth: base64('x:'), identitytoken: 'refresh-token' } } } };
  expect(loginWith(files)).toEqual({ identityToken: 'refresh-token' });
});

test.each([
  ['no file', {}],
  ['another host', { [DOCKER]: { auths: { 'registry.example.com': { auth: base64('a:b') } } } }],
  ['an empty entry', { [DOCKER]: { auths: { [HOST]: {} } } }],
])('finds no login in %s', (_, files) => {
  expect(loginWith(files)).toBeUndefined();
});

test.each([
  ['text that is not JSON', '{ "auths": { "hunter2'],
  ['another shape', { auths: { [HOST]: { auth: { secret: 'hunter2' } } } }],
  ['a password without a name', { auths: { [HOST]: { auth: base64('hunter2') } } }],
  ['a helper with a path', { credsStore: '../hunter2' }],
])('the error for a login file with %s does not show the secret', (_, content) => {
  expect(() => loginWith({ [DOCKER]: content })).toThrow(DozlabError);
  expect(() => loginWith({ [DOCKER]: content })).not.toThrow(/hunter2|aHVudGVy/);
});

describe('a credential helper', () => {
  const bin = temporaryFolder();
  const variables = { PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  const loginOf = (content: object) => loginWith({ [DOCKER]: content }, HOST, variables);
  const helper = (script: string): void => {
    writeFileSync(join(bin, 'docker-credential-test'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, 'docker-credential-test'), 0o755);
  };

  test('gets the name of the login', () => {
    helper(`[ "$1 $(cat)" = "get https://${HOST}" ] && echo '{"Username":"teacher","Secret":"hunter2"}'`);
    const entry = { auths: { [`https://${HOST}`]: {} } };
    expect(loginOf({ ...entry, credsStore: 'test' })).toEqual({
      username: 'teacher',
      password: 'hunter2',
    });
  });

  test('of the host precedes the store, and can return a token', () => {
    helper(`echo '{"Username":"<token>","Secret":"refresh"}'`);
    const content = { credsStore: 'missing', credHelpers: { [HOST]: 'test' } };
    expect(loginOf(content)).toEqual({ identityToken: 'refresh' });
  });

  test('may answer without reading its input', () => {
    helper(`exec 0<&-; echo '{"Username":"teacher","Secret":"hunter2"}'`);
    // More than a pipe holds, so that writing the rest fails.
    const name = `https://${HOST}/${'v'.repeat(1_000_000)}`;
    expect(loginOf({ auths: { [name]: {} }, credsStore: 'test' })).toEqual({
      username: 'teacher',
      password: 'hunter2',
    });
  });

  test('without a login is no login, and a missing helper is an error', () => {
    helper('echo credentials not found in native keychain; exit 1');
    expect(loginOf({ credsStore: 'test' })).toBeUndefined();
    expect(() => loginOf({ credsStore: 'missing' })).toThrow('docker-credential-missing is needed');
  });
});
