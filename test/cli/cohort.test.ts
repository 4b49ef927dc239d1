import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { contentsOf, identitiesOf, pathsBelow } from '../support/folder';
import { NOW, runIn, runsIn, textIn } from '../support/lifecycle';
import { addFiles, lab, projectWith, session, smallProject } from '../support/project';
import { errorsIn } from '../support/problems';
import { loadProject } from '../../src/source/load-project';
import { resolveProject } from '../../src/resolve/resolve';

const roster = (folder: string, text: string, name = 'roster.csv'): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

interface Told {
  readonly new: { readonly id: string }[];
  readonly changed: { readonly id: string; readonly fields: string[] }[];
  readonly unchanged: number;
  readonly leaving: { readonly id: string }[];
}

test('the classroom of three students is one command, and the same again changes nothing', () => {
  const folder = projectWith({ ...smallProject(), 'labs/kubernetes.yaml': lab('kubernetes') });
  const from = roster(folder, 'user,id\nalice,alice-001\nbob,bob-001\ncharlie,charlie-001\n');
  const labels = ['labels', 'podLabels'].flatMap((map) => [
    `${map}.course=kubernetes-101`,
    `${map}.cohort=2024-spring`,
  ]);
  const args = ['cohort', 'create', 'spring', '--from', from, '--lab', 'kubernetes', ...labels.flatMap((label) => ['--set', label])]; // prettier-ignore
  const [dry] = runsIn(folder, [...args, '--dry-run']);
  expect(pathsBelow(join(folder, 'sessions'))).toEqual(['class/alice.yaml', 'class/cohort.yaml']);
  const [run] = runsIn(folder, args);
  expect(run).toMatchObject({ status: 0, stdout: dry?.stdout });
  expect(run?.stdout).toMatch(/^new +alice-001 +alice\nnew +bob-001 +bob\nnew +charlie-001 +charlie$/m);
  expect(run?.stderr).toContain('3 new, 0 changed, 0 unchanged');
  expect(run?.stderr).toContain('dozlab secret set --cohort spring');
  const { sessions, problems } = resolveProject(loadProject(folder));
  const made = sessions.filter(({ cohort }) => cohort === 'spring');
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(made.map(({ id, values }) => [id, values.session.userId, values.labels])).toEqual(
    ['alice', 'bob', 'charlie'].map((user) => [`${user}-001`, user, { course: 'kubernetes-101', cohort: '2024-spring' }]), // prettier-ignore
  );
  // What "kubectl get pods -l course=kubernetes-101" finds.
  runsIn(folder, ['synth']);
  for (const user of ['alice', 'bob', 'charlie']) {
    const manifests = parseAllDocuments(textIn(folder, `dist/sessions/spring/${user}-001.yaml`));
    const pod = manifests.find((manifest) => manifest.get('kind') === 'Deployment');
    expect(pod?.getIn(['spec', 'template', 'metadata', 'labels', 'course'])).toBe('kubernetes-101');
  }
  const before = identitiesOf(folder);
  const [again] = runsIn(folder, [...args, '--ttl', '2h']);
  expect(again?.stderr).toContain('0 new, 0 changed, 3 unchanged: nothing to do');
  expect(identitiesOf(folder)).toEqual(before);
});

describe('a roster that changes', () => {
  const folder = projectWith({ ...smallProject(), 'labs/k8s.yaml': lab('k8s') });
  const HEAD = 'user,lab,firecracker.vm.memory,labels[a.b/c]\n';
  const create = (lines: string, ...more: string[]) => [
    'cohort',
    'create',
    'new',
    '--from',
    roster(folder, HEAD + lines, `${String(lines.length)}-${String(more.length)}.csv`),
    '--lab',
    'vm',
    '-o',
    'json',
    '--yes',
    ...more,
  ];
  const told = (run?: { stdout: string }): Told => JSON.parse(run?.stdout ?? '') as Told;
  const FIRST = 'alice,,4096,\nBob@Example.com,k8s,,x\n"O\'Neil, ""Z""",,,\n';
  const [first, reordered] = runsIn(
    folder,
    create(FIRST, '--until', '2031-01-01T00:00:00Z'),
    create(FIRST.trim().split('\n').reverse().join('\n')),
  );
  const path = 'sessions/new/alice.yaml';
  const hand = textIn(folder, path).replace('lab: vm', 'lab: vm # by hand');
  addFiles(folder, { [path]: hand });
  const [second, pruned] = runsIn(
    folder,
    create('alice,k8s,,yes\nBob@Example.com,k8s,,x\ndave,,,\n', '--ttl', '2h', '--now', NOW),
    create('alice,k8s,,yes\nBob@Example.com,k8s,,x\ndave,,,\n', '--prune'),
  );

  test('gives users ids of their own, which stay in another order', () => {
    expect(told(first).new).toHaveLength(3);
    expect(told(first).new.map(({ id }) => id)[0]).toBe('alice');
    expect(told(reordered)).toMatchObject({ new: [], changed: [], unchanged: 3, leaving: [] });
  });

  test('changes what differs, and nothing else in the file', () => {
    expect(told(second).changed).toEqual([
      { id: 'alice', user: 'alice', fields: ['lab', 'values.firecracker.vm.memory', 'values.labels["a.b/c"]'] },
    ]);
    const wanted = hand
      .replace('lab: vm #', 'lab: k8s #')
      .replace('firecracker:\n      vm:\n        memory: 4096', 'labels:\n      a.b/c: "yes"');
    expect(textIn(folder, path)).toBe(wanted);
    expect(textIn(folder, path)).toContain('expiresAt: "2031-01-01T00:00:00Z"');
    expect(textIn(folder, 'sessions/new/dave.yaml')).toContain('expiresAt: "2030-01-01T14:00:00Z"');
  });

  test('ends sessions that the roster lacks only with the option for it', () => {
    expect(told(second).leaving).toHaveLength(1);
    expect(second?.stderr).toContain('1 session not in the roster stays: --prune ends them');
    expect(told(pruned)).toMatchObject({ new: [], changed: [], unchanged: 3 });
    expect(pathsBelow(join(folder, 'sessions/new'))).toHaveLength(4);
    expect(errorsIn(folder)).toEqual([]);
  });
});

describe('what is wrong is told at its place in the roster, and nothing is written', () => {
  const folder = projectWith(smallProject());
  mkdirSync(join(folder, 'rosters'));
  const WRONG: [string, string, RegExp][] = [
    ['a user of two lines', 'user\nalice\n"b\nob"\n', /:3:1 error user is "b\\nob"/],
    ['a lab that is not there', 'user,lab\nalice,vm\nbob,none\n', /:3:5 error spec.lab is "none", but there is no/],
    ['no lab', 'user,lab\nalice,vm\nbob,\n', /:3:5 error lab is missing\. Fix: set --lab/],
    ['a value of another kind', 'user,lab,firecracker.vm.memory\nalice,vm,lots\n', /:2:10 error firecracker.vm.memory/],
    ['values that do not go together', 'user,lab,firecracker.resources.limits.memory\nalice,vm,1Mi\n', /:2:10 error/],
    ['two users with one id', 'user,lab,id\nalice,vm,x\nbob,vm,x\n', /:3:8 error id|:3:8 error/],
    ['a column that is not known', 'user,lab,grade\nalice,vm,1\n', /:1:10 error the column "grade"/],
    ['a password', 'user,lab,codeServer.password\nalice,vm,hunter2-hunter2\n', /:1:10 error .*is a secret/],
    ['nobody', 'user,lab\n', /:1:1 error lists no users\. Fix: add a line for each user/],
  ];
  const before = contentsOf(join(folder, 'sessions'));
  const runs = runsIn(
    folder,
    ...WRONG.map(([, text], index) => ['cohort', 'create', 'new', '--from', roster(folder, text, `rosters/${String(index)}.csv`)]), // prettier-ignore
  );
  const [missing, name, endless, password] = runsIn(
    folder,
    ['cohort', 'create', 'new', '--from', join(folder, 'none.csv')],
    ['cohort', 'create', 'New/..'],
    ['cohort', 'create', 'new', '--from', '/dev/zero'],
    ['cohort', 'create', 'new', '--set', 'codeServer.password=hunter2-hunter2'],
  );

  test.each(WRONG.map(([what, , says], index) => [what, says, index] as const))('%s', (_, says, index) => {
    expect(runs[index]).toMatchObject({ status: 1, stdout: '' });
    expect(runs[index]?.stderr).toMatch(says);
    expect(runs[index]?.stderr).toContain(`rosters/${String(index)}.csv:`);
    expect(runs[index]?.stderr).toContain('nothing was written');
    expect(runs[index]?.stderr).not.toContain('hunter2');
  });

  test('a roster that cannot be read, a name that is none, a password', () => {
    expect(missing).toMatchObject({ status: 1, stdout: '' });
    expect(missing?.stderr).toContain('cannot be read (ENOENT)');
    expect(name).toMatchObject({ status: 2, stdout: '' });
    expect(endless?.stderr).toContain('too large');
    expect(password).toMatchObject({ status: 2, stdout: '' });
    expect(password?.stderr).not.toContain('hunter2');
    expect(contentsOf(join(folder, 'sessions'))).toEqual(before);
  });
});

describe('all sessions of a cohort', () => {
  const files = {
    'sessions/class/bob.yaml': session('bob', { userId: 'bob', expiresAt: '2031-01-01T00:00:00Z' }),
    'sessions/class/cohort.yaml':
      'apiVersion: dozlab.io/v1alpha1\nkind: Cohort\nmetadata: {name: class}\n# nothing yet\n',
    'secrets/class/bob.yaml': 'a: b\n',
    'sessions/class/notes.txt': 'mine',
  };

  test('end later, but those that do so already', () => {
    const folder = projectWith(smallProject(files));
    const [run, again, list] = runsIn(
      folder,
      ['cohort', 'extend', 'class', '--until', '2030-06-01T00:00:00Z', '--now', NOW],
      ['cohort', 'extend', 'class', '--until', '2030-06-01T00:00:00Z', '--now', NOW],
      ['cohort', 'list', '-o', 'json'],
    );
    expect(run).toMatchObject({ status: 0, stdout: 'changed  sessions/class/alice.yaml\n' });
    expect(run?.stderr).toContain('1 extended until 2030-06-01T00:00:00Z, 1 unchanged');
    expect(again?.stderr).toContain('nothing to do');
    expect(JSON.parse(list?.stdout ?? '')).toMatchObject([{ cohort: 'class', namespace: 'lab-class', sessions: 2 }]);
  });

  test('get values by the cohort’s file, whose comments stay', () => {
    const folder = projectWith(smallProject(files));
    runIn(folder, 'cohort', 'create', 'class', '--set', 'labels.course=x');
    expect(textIn(folder, 'sessions/class/cohort.yaml')).toBe(
      'apiVersion: dozlab.io/v1alpha1\nkind: Cohort\nmetadata: {name: class}\nspec:\n  values:\n    labels:\n      course: x\n# nothing yet\n',
    );
  });

  test('end, with their passwords and the cohort, but not what is somebody else’s', () => {
    const folder = projectWith(smallProject(files));
    const [run, none] = runsIn(folder, ['cohort', 'end', 'class', '--yes'], ['cohort', 'end', 'class', '--yes']);
    expect(run?.status).toBe(0);
    expect(run?.stderr).toContain('cohort class ended, with 2 sessions');
    expect(pathsBelow(folder)).toEqual(['dozlab.yaml', 'labs/vm.yaml', 'sessions/class/notes.txt']);
    expect(none?.stderr).toContain('there is no cohort');
  });
});

test('a class of 2,000 is made at once', () => {
  const folder = projectWith(smallProject());
  const lines = Array.from({ length: 2000 }, (_, index) => `student${String(index)}@example.com;${String(1024 + (index % 3) * 512)}`); // prettier-ignore
  const from = roster(folder, `\ufeffuser;firecracker.vm.memory\r\n${lines.join('\r\n')}\r\n`);
  const run = runIn(folder, 'cohort', 'create', 'big', '--from', from, '--lab', 'vm');
  expect(run.status).toBe(0);
  expect(run.stdout.split('\n').length).toBeLessThan(30);
  expect(run.stderr).not.toContain('checking and writing');
  expect(pathsBelow(join(folder, 'sessions/big'))).toHaveLength(2001);
  const [longer, ended] = runsIn(folder, ['cohort', 'extend', 'big', '--ttl', '1d'], ['cohort', 'end', 'big', '--yes']);
  expect(longer?.stdout.split('\n').slice(19)).toEqual([expect.stringContaining('changed'), 'and 1980 more', '']);
  expect(ended?.stdout.split('\n').slice(19)).toEqual([expect.stringContaining('removed'), 'and 1981 more', '']);
  expect(pathsBelow(join(folder, 'sessions'))).toEqual(['class/alice.yaml', 'class/cohort.yaml']);
});
