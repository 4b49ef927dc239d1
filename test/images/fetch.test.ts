/** images/firecracker/fetch.sh with a fake curl, which copies files of the test. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(__dirname, '../../images/firecracker/fetch.sh');

const folder = mkdtempSync(join(tmpdir(), 'fetch-image-'));
const downloads = join(folder, 'downloads');
const archive = join(downloads, 'firecracker-v9.9.9-x86_64.tgz');
const kernel = join(downloads, 'vmlinux');
let target: string;

beforeAll(() => {
  mkdirSync(join(folder, 'release-v9.9.9-x86_64'));
  writeFileSync(join(folder, 'release-v9.9.9-x86_64/firecracker-v9.9.9-x86_64'), 'firecracker');
  mkdirSync(downloads);
  execFileSync('tar', ['-czf', archive, '-C', folder, 'release-v9.9.9-x86_64']);
  writeFileSync(kernel, 'kernel');
  mkdirSync(join(folder, 'bin'));
  const curl = `#!/bin/sh\nfor url in "$@"; do :; done\nwhile [ "$1" != --output ]; do shift; done\necho "$url" >> "$FOLDER/log"\ncp "$FOLDER/downloads/\${url##*/}" "$2"\n`;
  writeFileSync(join(folder, 'bin/curl'), curl, { mode: 0o755 });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(() => {
  target = mkdtempSync(join(folder, 'target-'));
  writeFileSync(join(folder, 'log'), '');
});

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

const fetchFiles = (env: Readonly<Record<string, string>> = {}) =>
  spawnSync('sh', [SCRIPT, target], {
    encoding: 'utf8',
    env: {
      PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
      FOLDER: folder,
      FIRECRACKER_VERSION: 'v9.9.9',
      FIRECRACKER_SHA256: sha256(archive),
      KERNEL_URL: 'https://example.com/vmlinux',
      KERNEL_SHA256: sha256(kernel),
      ...env,
    },
  });

const fetched = (name: string): string => readFileSync(join(target, name), 'utf8');

test('fetches both files, and nothing the second time', () => {
  expect(fetchFiles()).toMatchObject({ status: 0, stderr: '' });
  expect([fetched('firecracker'), fetched('vmlinux.bin')]).toEqual(['firecracker', 'kernel']);
  expect(statSync(join(target, 'firecracker')).mode & 0o777).toBe(0o755);
  const log = readFileSync(join(folder, 'log'), 'utf8');
  expect(log).toBe(
    'https://github.com/firecracker-microvm/firecracker/releases/download/v9.9.9/firecracker-v9.9.9-x86_64.tgz\nhttps://example.com/vmlinux\n',
  );
  expect(fetchFiles().status).toBe(0);
  expect(readFileSync(join(folder, 'log'), 'utf8')).toBe(log);
});

test('keeps files that are there', () => {
  writeFileSync(join(target, 'firecracker'), 'own');
  writeFileSync(join(target, 'vmlinux.bin'), 'own');
  expect(fetchFiles({ FIRECRACKER_SHA256: 'none' }).status).toBe(0);
  expect([fetched('firecracker'), fetched('vmlinux.bin')]).toEqual(['own', 'own']);
});

test.each([
  ['FIRECRACKER_SHA256', 'firecracker'],
  ['KERNEL_SHA256', 'vmlinux.bin'],
])('refuses a file that is not the one of %s', (variable, name) => {
  const { status, stderr } = fetchFiles({ [variable]: '0'.repeat(64) });
  expect([status, stderr]).toEqual([1, expect.stringContaining(`has another SHA-256 than ${'0'.repeat(64)}`)]);
  expect(existsSync(join(target, name))).toBe(false);
});
