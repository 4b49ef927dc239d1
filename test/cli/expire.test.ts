import { contentsOf, pathsBelow } from '../support/folder';
import { NOW, runIn, runsIn } from '../support/lifecycle';
import { addFiles, project, projectWith, session, smallProject } from '../support/project';

const until = (id: string, expiresAt: string) => session(id, { userId: id, expiresAt });

const withEnds = (expiry?: object) =>
  projectWith(
    smallProject({
      'dozlab.yaml': project(expiry === undefined ? {} : { expiry }),
      'sessions/class/past.yaml': until('past', '2029-12-31T12:00:00Z'),
      'sessions/class/just.yaml': until('just', '2030-01-01T14:00:00+02:00'),
      'sessions/class/soon.yaml': until('soon', '2030-01-01T12:59:59Z'),
      'sessions/class/later.yaml': until('later', '2030-01-02T00:00:00Z'),
      'sessions/class/broken.yaml': 'spec: [\n',
      'sessions/class/wrong.yaml': until('wrong', 'tomorrow'),
    }),
  );

interface Told {
  readonly ended: { readonly id: string }[];
  readonly warned: { readonly id: string; readonly removedAt: string }[];
  readonly unread: string[];
}

const ids = (list: readonly { readonly id: string }[] = []): string[] => list.map(({ id }) => id);
const EXPIRE = ['expire', '--now', NOW, '--yes'];

test('sessions past their end go, with their passwords, and all others stay', () => {
  const folder = withEnds();
  addFiles(folder, { 'secrets/class/past.yaml': 'a: b\n', 'secrets/class/soon.yaml': 'a: b\n' });
  const before = pathsBelow(folder);
  const [dry, run, again] = runsIn(folder, [...EXPIRE, '--dry-run', '-o', 'json'], EXPIRE, [...EXPIRE, '-o', 'json']);
  const told = JSON.parse(dry?.stdout ?? '') as Told;
  expect(ids(told.ended)).toEqual(['just', 'past']);
  expect(ids(told.warned)).toEqual(['soon']);
  expect(told.warned[0]?.removedAt).toBe('2030-01-01T12:59:59Z');
  expect(told.unread).toEqual(['sessions/class/broken.yaml', 'sessions/class/wrong.yaml']);
  expect(run?.status).toBe(0);
  expect(run?.stdout).toMatch(/^ended +class\/just +just +2030-01-01T14:00:00\+02:00$/m);
  expect(run?.stdout).toMatch(/^warned +class\/soon +soon +\S+ +removed in 59m59s$/m);
  expect(run?.stderr).toContain('sessions/class/broken.yaml is not valid, so its end is unknown');
  expect(run?.stderr).toContain('next: dozlab synth');
  const gone = ['secrets/class/past.yaml', 'sessions/class/just.yaml', 'sessions/class/past.yaml'];
  expect(pathsBelow(folder)).toEqual(before.filter((path) => !gone.includes(path)));
  expect(ids((JSON.parse(again?.stdout ?? '') as Told).ended)).toEqual([]);
  expect(again?.stderr).toContain('nothing to do');
});

test('a project says how long sessions stay, and when people are warned', () => {
  const folder = withEnds({ grace: '1d', warning: '2d' });
  const { ended, warned } = JSON.parse(runIn(folder, ...EXPIRE, '-o', 'json').stdout) as Told;
  expect(ids(ended)).toEqual(['past']);
  expect(warned.map(({ id, removedAt }) => [id, removedAt])).toEqual([
    ['just', '2030-01-02T12:00:00Z'],
    ['later', '2030-01-03T00:00:00Z'],
    ['soon', '2030-01-02T12:59:59Z'],
  ]);
});

test('a wrong input is reported, and nothing is removed', () => {
  const folder = withEnds({ grace: 'a while' });
  const before = contentsOf(folder);
  const [period, time] = runsIn(folder, EXPIRE, ['expire', '--now', 'now']);
  expect(period).toMatchObject({ status: 1, stdout: '' });
  expect(period?.stderr).toContain('spec.expiry.grace is "a while"; accepted: a time such as 90m');
  expect(time).toMatchObject({ status: 2, stdout: '' });
  expect(time?.stderr).toContain('--now is "now"');
  expect(contentsOf(folder)).toEqual(before);
});
