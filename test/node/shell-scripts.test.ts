import { execFileSync, spawnSync } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { chartFolder } from '../cluster/chart';
import { Helm } from '../cluster/helm';
import { REPOSITORY } from '../support/cli';
import { valuesWith } from '../support/values';
import { valuesFile } from '../cluster/release';

/** Not told: SC2317, as a function that is passed to another one looks unreachable. */
const shellcheck = (args: readonly string[], input = ''): string => {
  const { error, stdout } = spawnSync(
    'shellcheck',
    ['--format=gcc', '--external-sources', '--check-sourced', '--exclude=SC2317', ...args],
    {
      cwd: REPOSITORY,
      encoding: 'utf8',
      input,
    },
  );
  if (error !== undefined) throw error;
  return stdout;
};

const isScript = (path: string): boolean =>
  lstatSync(join(REPOSITORY, path)).isFile() &&
  /^#!.*\b(ba|da)?sh\b/.test(readFileSync(join(REPOSITORY, path), 'utf8').slice(0, 64));

const scripts = execFileSync('git', ['ls-files', '-z'], { cwd: REPOSITORY, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path !== '' && isScript(path));

test('there are scripts of images, of tests and of CI', () => {
  expect(scripts).toEqual(
    expect.arrayContaining(['.ci/run', 'images/init/init.sh', 'images/network/setup.sh', 'test/node/machine.sh']),
  );
});

test.each(scripts)('shellcheck finds nothing in %s', (path) => {
  expect(shellcheck([path])).toBe('');
});

interface Container {
  readonly name: string;
  readonly command?: readonly string[];
}

/** The scripts in the manifests of a session and of its chart, by the name of their container. */
function renderedScripts(): [name: string, script: string][] {
  const values = valuesFile(valuesWith());
  const printed = new Helm('helm').run(['template', 'lab', chartFolder(), '-f', values, '--kube-version', '1.36.0']);
  const found: [string, string][] = [];
  const look = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    const { name, command } = part as Partial<Container>;
    const [shell, option, script] = (Array.isArray(command) ? command : []) as string[];
    if (shell === '/bin/sh' && option === '-c' && script !== undefined) found.push([name ?? '', script]);
    for (const inner of Object.values(part)) look(inner);
  };
  for (const document of parseAllDocuments(printed)) look(document.toJS());
  return found;
}

test('shellcheck finds nothing in the scripts of the manifests', () => {
  const rendered = renderedScripts();
  expect(rendered.map(([name]) => name).sort()).toEqual(['network-setup', 'reach']);
  expect(rendered.map(([, script]) => shellcheck(['--shell=sh', '-'], script))).toEqual(['', '']);
});

test('shellcheck finds a fault', () => {
  expect(shellcheck(['--shell=sh', '-'], 'rm $1\n')).toContain('SC2086');
});
