import { idOf, readRoster } from '../../src/edit/roster';
import { fileName } from '../../src/api/values/fields';
import { sessionId } from '../../src/api/values/schema';
import { HOSTILE_TEXTS } from '../support/hostile-texts';

const read = (text: string | Uint8Array, file = 'roster.csv') =>
  readRoster(file, typeof text === 'string' ? Buffer.from(text) : text);

const plain = (text: string | Uint8Array, file?: string) => {
  const { rows, problems } = read(text, file);
  expect(problems).toEqual([]);
  return rows.map(({ userId, id, lab, values }) => ({ userId, id, lab, values }));
};

const places = (text: string, file?: string) =>
  read(text, file).problems.map((problem) => `${String(problem.line)}:${String(problem.column)} ${problem.message}`);

const ROWS = [
  { userId: 'alice', id: 'alice-001', lab: 'vm', values: [{ path: ['firecracker', 'vm', 'memory'], value: 4096 }] },
  { userId: 'bob', id: 'bob', lab: undefined, values: [{ path: ['firecracker', 'vm', 'memory'], value: undefined }] },
];
const LINES = ['user,id,lab,firecracker.vm.memory', 'alice,alice-001,vm,4096', 'bob,,,'];
const CSV = LINES.join('\n');

test.each([
  ['commas', CSV],
  ['a line end at the end', `${CSV}\n`],
  ['the lines of Windows', `${CSV}\n`.replaceAll('\n', '\r\n')],
  ['the lines of old Macs', `${CSV}\n`.replaceAll('\n', '\r')],
  ['a byte order mark', `\ufeff${CSV}`],
  ['semicolons', CSV.replaceAll(',', ';')],
  ['tabs', CSV.replaceAll(',', '\t')],
  ['tabs in UTF-16, as Excel writes', Buffer.from(`\ufeff${CSV.replaceAll(',', '\t')}`, 'utf16le')],
  ['tabs in UTF-16 the other way round', Buffer.from(`\ufeff${CSV.replaceAll(',', '\t')}`, 'utf16le').swap16()],
  ['Excel’s line with the separator', `sep=;\r\n${CSV.replaceAll(',', ';').replaceAll('\n', '\r\n')}`],
  ['quotes', LINES.map((line) => line.split(',').map((cell) => `"${cell}"`).join(',')).join('\n')], // prettier-ignore
  ['spaces', CSV.replaceAll(',', ' , ').replaceAll('\n', ' \n ')],
  ['empty lines', CSV.replaceAll('\n', '\n\n,,,\n\n')],
  ['other cases', CSV.replace('user,id,lab', 'User,ID,Lab')],
  ['rows that are shorter', CSV.replace('bob,,,', 'bob')],
  ['values. in front', CSV.replace('firecracker', 'values.firecracker')],
])('readRoster reads CSV with %s', (_, text) => {
  const rows = plain(text);
  expect(rows.map((row) => ({ ...row, lab: row.lab }))).toEqual(ROWS);
});

test('readRoster reads JSON with values by path or nested', () => {
  const [alice] = ROWS;
  const rows = [
    { user: 'alice', id: 'alice-001', lab: 'vm', 'firecracker.vm.memory': 4096 },
    { user: 'alice', id: 'a2', lab: 'vm', values: { firecracker: { vm: { memory: 4096 } } } },
    { user: 'alice', id: 'a3', lab: 'vm', values: { 'labels': { 'a.b/c': '1.30' } } }, // prettier-ignore
  ];
  const labels = [{ path: ['labels', 'a.b/c'], value: '1.30' }];
  const wanted = [alice, { ...alice, id: 'a2' }, { ...alice, id: 'a3', values: labels }];
  expect(plain(JSON.stringify(rows), 'roster.json')).toEqual(wanted);
  expect(plain(JSON.stringify(rows, undefined, 2), '-')).toEqual(wanted);
  expect(places('[\n  {"user": "a"},\n  {"user": 5},\n  7,\n  {"user": "b", "firecracker.vm.memroy": 1}\n]', 'x.json')).toEqual([
    expect.stringMatching(/^3:12 is 5; accepted: text/),
    expect.stringMatching(/^4:3 is not a mapping/),
    expect.stringMatching(/^5:42 the column .* did you mean memory/),
  ]); // prettier-ignore
  const twice = [
    { user: 'b', 'firecracker.vm': { cpuCount: 2 } },
    { user: 'b', 'values.firecracker.vm.memory': 1024 },
    { user: 'a', 'firecracker.vm': { cpuCount: 2 }, values: { firecracker: { vm: { memory: 1024 } } } },
  ];
  expect(places(JSON.stringify(twice, undefined, 1), 'x.json')).toEqual([
    expect.stringMatching(/^8:2 has the user and the id b of line 3/),
    expect.stringMatching(
      /^20:16 sets spec.values.firecracker.vm.memory, but the row sets spec.values.firecracker.vm already/,
    ),
  ]);
  expect(places('{"user": "a"}', 'x.json')).toEqual([expect.stringMatching(/^1:1 is not a list/)]);
  expect(places('[{"user": "a"', 'x.json')[0]).toMatch(/not well-formed/);
});

test('readRoster reports every wrong cell with its position, also after cells of several lines', () => {
  const text = [
    'user,id,lab,firecracker.vm.memory',
    '"a',
    'b",one,vm,1024',
    ',two,vm,',
    'carol,Carol,"V M",lots',
    '"d""d",cohort,vm,',
    'erin,kustomization,vm,',
    'finn,nul,vm,',
  ].join('\n');
  expect(places(text)).toEqual([
    expect.stringMatching(/^2:1 is "a\\nb"; accepted: text/),
    expect.stringMatching(/^4:1 has no user\. Fix: fill the column user$/),
    expect.stringMatching(/^5:7 is "Carol"; accepted: 1 to 51/),
    expect.stringMatching(/^5:13 is "V M"; accepted: at most 63/),
    expect.stringMatching(/^5:19 is "lots"; accepted: MiB/),
    expect.stringMatching(/^6:8 is cohort, the name/),
    expect.stringMatching(/^7:6 is "kustomization"; accepted: another name: kustomize and Flux/),
    expect.stringMatching(/^8:6 is "nul"; accepted: another name: Windows/),
  ]);
});

test('readRoster reports an unknown column beside the missing one', () => {
  expect(places('name\nalice')).toEqual([
    expect.stringMatching(/^1:1 has no column user/),
    expect.stringMatching(/^1:1 the column "name" is not a known key/),
  ]);
});

test.each([
  ['', /^1:1 is empty|^1:1 lists no users\. Fix: add a line for each user/],
  ['user\n', /^1:1 lists no users\. Fix: add a line for each user/],
  ['lab\nvm', /^1:1 has no column user/],
  ['user,user\na,b', /^1:6 is a duplicate column/],
  ['user,firecracker.vm.memory,values.firecracker.vm.memory\na,1,1', /^1:28 the column .* means the same/],
  ['user,codeServer.password\na,hunter2-hunter2', /^1:6 the column "codeServer.password" is a secret/],
  ['user\na,b', /^2:3 is a cell without a column/],
  ['user\n"a', /^2:1 has an unclosed quote/],
  ['user,lab\na,vm\n"b ""x"" c,vm\nd,vm\ne,vm', /^3:1 has an unclosed quote/],
  ['sep=;\nuser;lab\na;"vm\nb;vm', /^3:3 has an unclosed quote/],
  ['user,firecracker.vm,firecracker.vm.memory\na,{cpuCount: 2},1024', /^1:21 the column .* set the same values/],
  ['user,labels[a.b/c],labels\na,x,{}', /^1:20 the column "labels" and "labels\[a.b\/c\]" set the same values/],
  ['user\n"a"b', /^2:1 has text after a closing quote/],
  ['user\na"b', /^2:1 has a quote inside text/],
  ['user\nalice\nbob\nalice', /^4:1 has the user and the id alice of line 2/],
  ['user,id\nalice,x\nbob,x', /^3:5 has the id x of line 2/],
  ['user,tolerations[0].key\nalice,x', /^1:6 the column .* is in a list/],
])('readRoster refuses %j', (text, says) => {
  const found = places(text);
  expect(found[0]).toMatch(says);
  expect(found.join()).not.toContain('hunter2');
});

test('readRoster reports an unclosed quote where it opens, also in a long file', () => {
  const [found] = places(`user,lab\na,vm\nb,"vm\n${'somebody,vm\n'.repeat(10_000)}`);
  expect(found).toMatch(/^3:3 has an unclosed quote/);
});

test('readRoster refuses text that is not UTF-8', () => {
  expect(read(Buffer.from([0x75, 0x73, 0x65, 0x72, 0x0a, 0xe4])).problems[0]?.message).toContain('not text in UTF-8');
});

describe('ids of users without an id in the roster', () => {
  const users = [...HOSTILE_TEXTS, 'alice', 'Alice', 'ALICE', ' alice.', 'alice@a.example', 'alice@b.example', 'cohort', 'Cohort', 'kustomization', 'Kustomization', 'cloudbuild', 'con', 'CON', 'nul', 'com1', 'lpt9', '=cmd|x', '+1', '@x', '-1', '日本', 'x'.repeat(256)]; // prettier-ignore

  test('are valid and unique', () => {
    const ids = users.map(idOf);
    expect(ids.filter((id) => !fileName(sessionId()).safeParse(id).success || id === 'cohort')).toEqual([]);
    expect(new Set(ids).size).toBe(new Set(users).size);
  });

  test('do not depend on the order', () => {
    const named = users.filter((user) => user.trim() === user && user !== '');
    const quoted = named.map((user) => `"${user.replaceAll('"', '""')}"`);
    const idsIn = (lines: readonly string[]) =>
      new Map(plain(['user', ...lines].join('\n')).map(({ userId, id }) => [userId, id]));
    const [there, back] = [idsIn(quoted), idsIn([...quoted].reverse())];
    expect(there.size).toBe(named.length);
    expect(new Map(Array.from(back).sort())).toEqual(new Map(Array.from(there).sort()));
  });

  test('stay text for cells that look like formulas', () => {
    const [row] = plain('user\n"=HYPERLINK(""http://x"",""y"")"');
    expect(row?.userId).toBe('=HYPERLINK("http://x","y")');
  });
});
