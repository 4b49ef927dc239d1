import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fetchCertificate, isExpired, readCertificate } from '../../src/secrets/certificate';
import type { Problem } from '../../src/core/diagnostics';
import { addFiles, cohort, projectWith } from '../support/project';
import { placeOf } from '../support/problems';
import { pathsBelow } from '../support/folder';
import { SEALED, SECRET_FILE, sealedText, secretProject } from '../support/secret-project';
import { secretRuns } from '../support/secret-runs';
import { CERTIFICATE, EC_CERTIFICATE, EXPIRED_CERTIFICATE, OTHER_CERTIFICATE, PRIVATE_KEY } from '../support/test-keys';

const NO_FILES = () => ({ fault: 'does not exist' });
const invalid = expect.objectContaining({ name: 'DozlabError', code: 'invalid-certificate' }) as Error;

describe('readCertificate', () => {
  const first = readCertificate(CERTIFICATE, 'it').fingerprint;

  test('reads key, fingerprint and end', () => {
    const certificate = readCertificate(CERTIFICATE, 'it');
    expect(certificate.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(certificate.expires.toISOString()).toBe('2120-01-01T00:00:00.000Z');
    expect([new Date('2026-01-01'), new Date('2120-01-01'), new Date('2121-01-01')].map((now) => isExpired(certificate, now))).toEqual([false, true, true]); // prettier-ignore
  });

  test('reads the first certificate, with any text around it', () => {
    expect(readCertificate(`a note\n${CERTIFICATE}${OTHER_CERTIFICATE}`, 'it').fingerprint).toBe(first);
    expect(readCertificate(`${OTHER_CERTIFICATE}${CERTIFICATE}`, 'it').fingerprint).not.toBe(first);
    expect(readCertificate(CERTIFICATE.replaceAll('\n', '\r\n'), 'it').fingerprint).toBe(first);
  });

  test.each([
    ['nothing', ''],
    ['other text', 'certificate'],
    ['a private key', PRIVATE_KEY],
    ['a certificate with its private key', `${CERTIFICATE}${PRIVATE_KEY}`],
    ['one that is cut off', CERTIFICATE.slice(0, 300)],
    [
      'one that lacks lines',
      CERTIFICATE.split('\n')
        .filter((_, index) => index !== 5)
        .join('\n'),
    ],
    ['one that holds nothing', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
    ['one with another kind of key', EC_CERTIFICATE],
  ])('refuses %s', (_, text) => {
    expect(() => readCertificate(text, 'certs/cert.pem')).toThrow(invalid);
    expect(() => readCertificate(text, 'certs/cert.pem')).toThrow(/^certs\/cert\.pem holds .*kubeseal --fetch-cert/);
  });
});

describe('a wrong certificate', () => {
  const outside = projectWith({ 'cert.pem': CERTIFICATE });
  const cases: [name: string, certificate: string, says: RegExp, change?: (folder: string) => void][] = [
    ['expired', 'expired.pem', /expired on 2021-03-04/],
    ['EC', 'ec.pem', /not an RSA key/],
    ['garbage', 'garbage.pem', /holds no certificate/],
    ['missing', 'none.pem', /none\.pem does not exist/],
    ['above the project', `../${basename(outside)}/cert.pem`, /cert\.pem is /],
    ['behind a link', 'link.pem', /is outside the project/, (folder) => symlinkSync(join(outside, 'cert.pem'), join(folder, 'link.pem'))], // prettier-ignore
    ['a folder', 'folder', /folder /, (folder) => mkdirSync(join(folder, 'folder'))],
    ['large', 'large.pem', /bytes/, (folder) => addFiles(folder, { 'large.pem': 'x'.repeat(1024 * 1024 + 1) })],
  ];
  const files = { 'expired.pem': EXPIRED_CERTIFICATE, 'ec.pem': EC_CERTIFICATE, 'garbage.pem': 'garbage' };
  const results = cases.map(([, certificate, , change]) => {
    const folder = secretProject({ ...SEALED, sealedSecrets: { certificate } }, { ...files, 'sub/x': '' });
    change?.(folder);
    return folder;
  });
  const runs = secretRuns(
    results.flatMap((folder) => [
      { args: ['secret', 'set', 'alice', '--project', folder], input: 'hunter2-hunter2' },
      { args: ['secret', 'rotate', 'alice', '--project', folder] },
      { args: ['validate', '-o', 'json', '--project', folder] },
    ]),
  );

  test.each(cases.map(([name, , says], index) => [name, says, index] as const))(
    '%s: set and rotate refuse it and write nothing, validate reports the setting',
    (_, says, index) => {
      const [set, rotate, validate] = runs.slice(index * 3, index * 3 + 3);
      for (const run of [set, rotate]) {
        expect(run).toMatchObject({ status: 1, stdout: '' });
        expect(run?.stderr).toMatch(says);
        expect(run?.stderr).toMatch(/^dozlab: /);
      }
      expect(pathsBelow(join(results[index] ?? '', 'secrets'))).toEqual([]);
      const problems = JSON.parse(validate?.stdout ?? '') as Problem[];
      const errors = problems.filter(({ severity, file }) => severity === 'error' && file === 'dozlab.yaml');
      expect(errors.map(placeOf)).toEqual(['dozlab.yaml:9:20 spec.secrets.sealedSecrets.certificate [wrong-value]']);
      expect(errors[0]?.message).toMatch(says);
    },
  );

  test('is reported in the cohort that sets it, and a path above the project is not called a link', () => {
    const outside = projectWith({ 'cert.pem': CERTIFICATE });
    const folder = secretProject(SEALED, {
      'sessions/class/cohort.yaml': cohort('class', {
        secrets: { sealedSecrets: { certificate: `../${basename(outside)}/cert.pem` } },
      }),
      [SECRET_FILE]: sealedText('hunter2-hunter2'),
    });
    const [run] = secretRuns([{ args: ['validate', '-o', 'json', '--project', folder] }]);
    const errors = (JSON.parse(run?.stdout ?? '') as Problem[]).filter(({ severity }) => severity === 'error');
    expect(errors.map(placeOf)).toEqual([
      'sessions/class/cohort.yaml:8:20 spec.secrets.sealedSecrets.certificate [wrong-value]',
    ]);
    expect(errors[0]?.message).not.toContain('symbolic link');
  });
});

describe('fetchCertificate', () => {
  let server: Server;
  let address = '';

  beforeAll(async () => {
    server = createServer(({ url }, response) => {
      if (url === '/cert.pem') return response.end(CERTIFICATE);
      if (url === '/moved') return response.writeHead(302, { location: '/cert.pem' }).end();
      if (url === '/large') return response.end(CERTIFICATE + 'x'.repeat(65 * 1024));
      if (url === '/cut')
        return response.writeHead(200, { 'content-length': '5000' }).write('x', () => response.destroy());
      if (url === '/text') return response.end('hello');
      return response.writeHead(404).end(CERTIFICATE);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('follows redirects', async () => {
    for (const path of ['/cert.pem', '/moved'])
      expect(await fetchCertificate(`${address}${path}`, NO_FILES)).toMatchObject({
        fingerprint: readCertificate(CERTIFICATE, 'it').fingerprint,
      });
  });

  test.each([
    ['/none', /answers 404$/],
    ['/large', /is too large/],
    ['/cut', /cannot be reached/],
    ['/text', /holds no certificate/],
  ])('refuses an answer without a certificate: %s', async (path, says) => {
    const got = fetchCertificate(`${address}${path}`, NO_FILES);
    await expect(got).rejects.toThrow(invalid);
    await expect(got).rejects.toThrow(says);
  });

  test.each(['http://127.0.0.1:1/cert.pem', 'http://host.invalid/cert.pem', 'http://', 'https://:/'])(
    'refuses an address that does not answer: %s',
    async (source) => {
      await expect(fetchCertificate(source, NO_FILES)).rejects.toThrow(invalid);
    },
  );

  test('shows no password or token of the address in errors', async () => {
    for (const path of [address.replace('//', '//u:hunter2-url@'), `${address}/none?token=hunter2-url`])
      await expect(fetchCertificate(path, NO_FILES)).rejects.toThrow(/^(?!.*hunter2-url).*$/s);
  });
});
