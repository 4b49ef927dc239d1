import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dozlabRuns } from '../support/cli-runs';
import { git, repositoryWith } from '../support/git';
import { cohort, lab, project, session, temporaryFolder } from '../support/project';
import { NOW } from '../support/lifecycle';

function run(folder: string, ...commandLines: readonly (readonly string[])[]): void {
  const runs = dozlabRuns(commandLines.map((args) => [...args, '--project', folder]));
  expect(runs.map(({ status, stderr }) => (status === 0 ? 0 : stderr))).toEqual(runs.map(() => 0));
}

const roster = (name: string, ...users: string[]): string => {
  const path = join(temporaryFolder(), `${name}.csv`);
  writeFileSync(path, ['user', ...users, ''].join('\n'));
  return path;
};

const create = (user: string, ...more: string[]) => ['session', 'create', '--cohort', 'class', '--user', user, '--lab', 'vm', '--now', NOW, ...more]; // prettier-ignore
const classOf = (name: string, ...users: string[]) => ['cohort', 'create', name, '--from', roster(name, ...users), '--lab', 'vm', '--set', `labels.course=${name}`]; // prettier-ignore

const bob = { 'sessions/class/bob.yaml': session('bob', { userId: 'bob', expiresAt: '2030-02-01T00:00:00Z' }) };
const FLUX = { source: { url: 'https://git.example.com/labs.git' } };

/** What each of two branches does. */
const PAIRS: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['a session each, at the same time', create('carol'), create('dave')],
  ['a session each, with images of their own', create('carol', '--set', 'terminal.tag=v1'), create('dave', '--set', 'terminal.tag=v2')], // prettier-ignore
  ['a cohort each', classOf('spring', 'carol', 'dave'), classOf('summer', 'carol', 'erin')],
  ['a session and a cohort', create('carol'), classOf('spring', 'carol')],
  ['the same new cohort, with other users', classOf('spring', 'carol'), classOf('spring', 'dave')],
  ['more of the same class', classOf('class', 'alice', 'carol'), classOf('class', 'bob', 'dave')],
  ['a session and the end of another', create('carol'), ['session', 'end', 'bob', '--yes']],
  [
    'changes of two sessions',
    ['session', 'suspend', 'alice', '--yes'],
    ['session', 'extend', 'bob', '--ttl', '1d', '--now', NOW],
  ],
  ['a session and what has expired', create('carol'), ['expire', '--now', '2031-01-01T00:00:00Z', '--yes']],
  ['the end of a cohort and a new one', ['cohort', 'end', 'other', '--yes'], classOf('spring', 'carol')],
];

describe.each([
  ['manifests', {}, PAIRS],
  ['Flux and Helm', { flux: FLUX, delivery: 'helm' }, PAIRS.slice(0, 5)],
])('two branches from one base, for %s', (_, spec, pairs) => {
  test.each(pairs)('%s: they merge, and what is generated is fresh', (_name, one, two) => {
    const { folder } = repositoryWith({
      ...bob,
      'dozlab.yaml': project(spec),
      'labs/k8s.yaml': lab('k8s'),
      'sessions/other/cohort.yaml': cohort('other'),
      'sessions/other/zoe.yaml': session('zoe', { userId: 'zoe' }),
    });
    for (const [branch, command] of Object.entries({ one, two })) {
      git(folder, 'checkout', '--quiet', '-b', branch, 'main');
      run(folder, command, ['synth']);
      git(folder, 'add', '--all');
      git(folder, 'commit', '--quiet', '--message', branch);
    }
    git(folder, 'checkout', '--quiet', 'main');
    for (const branch of ['one', 'two']) git(folder, 'merge', '--quiet', '--no-edit', branch);
    run(folder, ['synth', '--check'], ['validate'], ['synth']);
    expect(git(folder, 'status', '--porcelain')).toBe('');
  });
});
