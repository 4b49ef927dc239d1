import fc from 'fast-check';

export interface Identity {
  readonly name: string;
  readonly userId: string;
  readonly expiresAt: string | undefined;
  readonly suspended: string | undefined;
}

const NAMES = [
  'alice',
  'bob-2',
  '101-a',
  '7',
  '1e3',
  'true',
  'null',
  'Alice',
  'a_b',
  'x'.repeat(52),
  '"carol"',
  "'dave'",
];

const USERS =
  `alice alice@example.com 0 07 0x1f 0o17 1. 1.5 .5 1e3 1E3 1e -1 +1 1_000 0b11 12345678901234567 true True NULL ~ .nan .inf yes no on
2027-01-31 2027-01-31T18:00:00Z 12:30:45 a::b a: :a a#b #b "" '' "a" 'a' "a'b" 'a"b' {} [] | > &a *a !t ! ? - = << / /a a/ (a) a,b @a %a é "é"
Zoë 学生 a\\b 'it''s' "a\\n" "a\\"b" --- ... "1" 'true' "null"`
    .split(/\s/)
    .concat(['a b', 'a  b c', '1 2', '5 apples', 'a: b', 'a :b', 'a #b', 'a - b', '"a # b"', "'a: b'", '"a: b', '[a, b]', '{a: b}'])
    .concat(['&a x', '!t x', '- x', '? x', '"a" b', "'a' 'b'", 'a\tb', 'x, y', '--- a', '"%"', 'a "b" c', "o'brien", '"*"', 'R&D', 'a\u00a0b'])
    .concat(['', ' a', 'a ', 'a # note', 'a\r', 'a\u2028b', '"a\u0085b"', 'a\u200bb', '\ufeffa']); // prettier-ignore

const ENDS = [
  '2030-01-31T18:00:00Z',
  '"2030-01-31T18:00:00Z"',
  "'2031-01-31T18:00:00Z'",
  '2030-01-31',
  'soon',
  '2030',
  'null',
  '',
];
const SUSPENDED = ['true', 'false', '"true"', 'True', 'yes', 'null', '~', '1', ''];

export const identities: fc.Arbitrary<Identity> = fc.record({
  name: fc.oneof({ weight: 6, arbitrary: fc.constant('alice') }, fc.constantFrom(...NAMES)),
  userId: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('alice', 'bob@example.com', '"a b"', 'a b') },
    fc.constantFrom(...USERS),
    fc.string({ maxLength: 6, unit: fc.constantFrom(...Array.from('ab01.:-#"\'/ eExX+_é')) }),
  ),
  expiresAt: fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    { weight: 3, arbitrary: fc.constantFrom('2030-01-31T18:00:00Z', '2031-01-31T18:00:00Z') },
    fc.constantFrom(...ENDS),
  ),
  suspended: fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    { weight: 3, arbitrary: fc.constantFrom('true', 'false') },
    fc.constantFrom(...SUSPENDED),
  ),
});

export type Style = (identity: Identity, values: string) => string;

const line = (key: string, value: string | undefined, end = ''): string =>
  value === undefined ? '' : `  ${key}: ${value}${end}\n`;

const HEAD = 'apiVersion: dozlab.io/v1alpha1\nkind: LabSession\n';

export const PLAIN: Style = ({ name, userId, expiresAt, suspended }, values) =>
  `${HEAD}metadata:\n${line('name', name)}spec:\n${line('userId', userId)}  lab: vm\n${line('expiresAt', expiresAt)}${line('suspended', suspended)}${values}`;

const with_ =
  (one: string | RegExp, other: string): Style =>
  (identity, values) =>
    PLAIN(identity, values).replace(one, other);

const quoted =
  (quote: string): Style =>
  (identity, values) =>
    PLAIN({ ...identity, name: quote + identity.name + quote, userId: quote + identity.userId + quote }, values);

export const STYLES: Readonly<Record<string, Style>> = {
  plain: PLAIN,
  'in double quotes': quoted('"'),
  'in single quotes': quoted("'"),
  'the specification first': ({ name, ...identity }, values) =>
    `${HEAD}spec:\n${line('userId', identity.userId)}  lab: vm\n${values}${line('expiresAt', identity.expiresAt)}metadata:\n${line('name', name)}`,
  'metadata in brackets': (identity, values) =>
    PLAIN(identity, values).replace(/metadata:\n {2}name: (.*)\n/, 'metadata: {name: $1}\n'),
  'metadata in brackets over several lines': (identity, values) =>
    PLAIN(identity, values).replace(/metadata:\n {2}name: (.*)\n/, 'metadata: {\n  name: $1\n}\n'),
  'all in brackets': ({ name, userId }) =>
    `{apiVersion: dozlab.io/v1alpha1, kind: LabSession, metadata: {name: ${name}}, spec: {userId: ${userId}, lab: vm}}\n`,
  'another indentation': (identity, values) => PLAIN(identity, values).replaceAll(/^( +)/gm, '$1$1'),
  'one space of indentation': ({ name, userId }) =>
    `${HEAD}metadata:\n name: ${name}\nspec:\n userId: ${userId}\n lab: vm\n values:\n  name: ${name}\n  userId: ${userId}\n`,
  'line ends of Windows': (identity, values) => PLAIN(identity, values).replaceAll('\n', '\r\n'),
  'one line end of Windows': with_('spec:\n', 'spec:\r\n'),
  'a byte order mark': (identity, values) => `\ufeff${PLAIN(identity, values)}`,
  'no line end': (identity, values) => PLAIN(identity, values).trimEnd(),
  'a document start': (identity, values) => `---\n${PLAIN(identity, values)}`,
  'a document end': (identity, values) => `${PLAIN(identity, values)}...\n`,
  'two documents': (identity, values) => `${PLAIN(identity, values)}---\n${PLAIN(identity, values)}`,
  'a comment with look-alikes': with_('spec:\n', '# note\n  # name: evil\n#  name: evil\nspec:\n'),
  'a comment behind the name': with_(/^( {2}name: .*)$/m, '$1 # the first'),
  'space behind the user': with_(/^( {2}userId: .*)$/m, '$1  '),
  'a tab behind the user': with_(/^( {2}userId: .*)$/m, '$1\t'),
  'two spaces before the user': with_('userId: ', 'userId:  '),
  'the name twice': with_(/^( {2}name: .*\n)/m, '$1$1'),
  'the name as a key in quotes': with_('  name: ', '  "name": '),
  'an end in quotes beside the name of a key': with_('  expiresAt: ', '  "expiresAt": '),
  'a look-alike in the specification': with_('spec:\n', 'spec:\n  name: evil\n'),
  'a look-alike in a block of text': with_('metadata:\n', 'note: |\n  name: evil\n  userId: evil\nmetadata:\n'),
  'a name in brackets beside a look-alike in text': ({ name, userId }) =>
    `${HEAD}metadata: {name: bob, note: "\n  name: ${name}\n"}\nspec:\n  userId: ${userId}\n  lab: vm\n`,
  'a look-alike in an annotation': (identity) =>
    PLAIN(identity, '  values:\n    annotations:\n      note: "a\n  name: evil\n  userId: evil\n        b"\n'),
  'a look-alike in place of the name': ({ name, userId }) =>
    `${HEAD}metadata: {name: alice}\nspec:\n  userId: ${userId}\n  lab: vm\n  values:\n    annotations:\n      note: "a\n  name: ${name}\n  b"\n`,
  'a block of text in an annotation': (identity) =>
    PLAIN(
      identity,
      `  values:\n    annotations:\n      note: |\n        name: evil\n        userId: evil\n          suspended: true\n`,
    ),
  'an anchor': with_('metadata:\n', 'metadata: &m\n'),
  'an alias to the metadata': (identity) =>
    PLAIN(identity, '  values:\n    labels: *m\n').replace('metadata:\n', 'metadata: &m\n'),
  'an alias to the name': (identity) =>
    PLAIN(identity, '  values:\n    labels:\n      a: *n\n').replace('  name: ', '  name: &n '),
  'metadata by an alias': ({ name, userId }) =>
    `${HEAD}spec:\n  userId: ${userId}\n  lab: vm\n  values:\n    labels: &l\n  name: ${name}\nmetadata: *l\n`,
  'a tag': with_('metadata:\n', 'metadata: !!map\n'),
  'a tag of the user': with_('  userId: ', '  userId: !!str '),
  'an unknown tag': with_('spec:\n', 'spec: !spec\n'),
  'a user over two lines': with_(/^( {2}userId: .*\n)/m, '$1    and more\n'),
  'a user over two lines in quotes': with_(/^ {2}userId: .*\n/m, '  userId: "a\n    b"\n'),
  'a user in a block of text': with_(/^ {2}userId: .*\n/m, '  userId: >-\n    a\n    b\n'),
  'a key with a question mark': with_('  name: ', '  ? name\n  : '),
  'another lab': with_('lab: vm', 'lab: other'),
  'no user': with_(/^ {2}userId: .*\n/m, ''),
  'no name': with_(/^ {2}name: .*\n/m, ''),
  'an unknown key': with_('spec:\n', 'spec:\n  unknown: key\n'),
  'a password': (identity) => PLAIN(identity, '  values:\n    codeServer:\n      password: hunter2\n'),
  nothing: () => '',
};

const SIGNS = Array.from(':#-?&*!|>\'"%@`{}[],~.=<\t\r\n 0xa\u0000\u0085\u00a0\u2028\ufeffé');

export const breakages: fc.Arbitrary<(text: string) => string> = fc
  .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(...SIGNS), fc.nat(1))
  .map(([part, sign, removed]) => (text: string) => {
    const place = Math.floor(part * text.length);
    return text.slice(0, place) + sign + text.slice(place + removed);
  });

export const styles: fc.Arbitrary<Style> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(PLAIN, STYLES['in double quotes'] ?? PLAIN) },
  { weight: 2, arbitrary: fc.constantFrom(...Object.values(STYLES)) },
);
