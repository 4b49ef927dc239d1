import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Debian packages whose programs and libraries the tests on a real node use, on this machine or in images. */
const PACKAGES = readFileSync(join(__dirname, 'debian-packages.txt'), 'utf8').trim().split('\n');

/** @throws Error that names the missing packages, and how to install them */
export function requirePackages(): void {
  const { error, stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...PACKAGES], {
    encoding: 'utf8',
  });
  if (error !== undefined) throw new Error('the tests on a real node need Debian 12', { cause: error });
  const installed = new Set(
    stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  const missing = PACKAGES.filter((name) => !installed.has(name));
  if (missing.length > 0)
    throw new Error(`missing Debian packages; run: apt-get install --no-install-recommends ${missing.join(' ')}`);
}
