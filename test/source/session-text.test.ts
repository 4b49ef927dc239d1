import fc from 'fast-check';
import { at, isMapping, type Path } from '@dozlab/charts/schema';
import { IDENTITY_FIELDS, withIdentity, type SessionIdentity, type SessionContent } from '../../src/api/session';
import { isIdentityOf, joinSessionText, splitSessionText } from '../../src/source/session-text';
import { Diagnostics } from '../../src/core/diagnostics';
import { readYaml, type YamlFile } from '../../src/source/yaml';
import { sessionText } from '../support/problems';
import { expectProperty } from '../support/property';
import { breakages, identities, PLAIN, styles, STYLES } from '../support/session-texts';

const fileOf = (text: string): YamlFile | undefined => {
  return readYaml('a.yaml', text, new Diagnostics());
};

/** The places of everything in a tree, and one that is not there beside each. */
const places = (content: unknown, path: Path = []): Path[] => [
  path,
  [...path, 'absent'],
  ...(isMapping(content) ? Object.entries(content).flatMap(([name, child]) => places(child, [...path, name])) : []),
  ...(Array.isArray(content) ? content.flatMap((child, index) => places(child, [...path, index])) : []),
];

const placesIn = (file: YamlFile): unknown[] =>
  places(file.content).flatMap((path) => [file.locate(path), file.locate(path, true)]);

const VALUES = [
  '',
  '  values:\n    labels:\n      name: a\n',
  '  values:\n    annotations:\n      a: |\n        name: b\n',
];

const texts = fc
  .tuple(styles, identities, fc.constantFrom(...VALUES), fc.option(breakages, { nil: undefined, freq: 2 }))
  .map(([style, identity, values, broken]) => {
    const text = style(identity, values);
    return broken === undefined ? text : broken(text);
  });

/** An identity that can stand in place of another. */
const replacement = (identity: SessionIdentity, name: string, userId: string): SessionIdentity => ({
  ...{ name, userId },
  ...(identity.expiresAt === undefined ? {} : { expiresAt: '2040-12-31T00:00:00Z' }),
  ...(identity.suspended === undefined ? {} : { suspended: !identity.suspended }),
});

describe('the text of a session', () => {
  it('is the join of its class text and its identity', () => {
    let split = 0;
    expectProperty(fc.array(texts, { minLength: 20, maxLength: 20 }), (all) => {
      for (const text of all) {
        const parts = splitSessionText(text);
        if (parts === undefined) continue;
        split += 1;
        expect({ text, joined: joinSessionText(parts) }).toEqual({ text, joined: text });
      }
    });
    expect(split).toBeGreaterThan(500);
  });

  it('means the same as every other text of the class, except for the identity', () => {
    let alike = 0;
    let refused = 0;
    expectProperty(fc.array(texts, { minLength: 20, maxLength: 20 }), (all) => {
      for (const text of all) {
        const parts = splitSessionText(text);
        const file = fileOf(text);
        if (parts === undefined || file === undefined) continue;
        if (!isIdentityOf(parts, file)) {
          refused += 1;
          continue;
        }
        alike += 1;
        const identity = replacement(parts.identity, 'z', 'somebody-else@example.com');
        const other = fileOf(joinSessionText({ ...parts, identity }));
        const expected = withIdentity(file.content as SessionContent, identity);
        expect({ text, content: other?.content }).toEqual({ text, content: expected });
        expect(JSON.stringify(other?.content)).toBe(JSON.stringify(expected));
        expect({ text, places: other && placesIn(other) }).toEqual({ text, places: placesIn(file) });
      }
    });
    expect(alike).toBeGreaterThan(300);
    expect(refused).toBeGreaterThan(5);
  });

  it('has the identity that YAML reads', () => {
    let read = 0;
    expectProperty(fc.array(identities, { minLength: 20, maxLength: 20 }), (all) => {
      for (const identity of all) {
        const text = PLAIN(identity, '');
        const parts = splitSessionText(text);
        if (parts === undefined) continue;
        read += 1;
        const content = fileOf(text)?.content;
        const found = Object.entries(parts.identity).map(([field]) => [
          field,
          at(content, IDENTITY_FIELDS[field as keyof SessionIdentity].file),
        ]);
        expect({ text, identity: Object.fromEntries(found) as unknown }).toEqual({ text, identity: parts.identity });
      }
    });
    expect(read).toBeGreaterThan(500);
  });

  it.each(['alice@example.com', 'a b', "o'brien", 'Zoë', '101-a', '"1e3"', "'true'", '"a # b"', '2027-01-31'])(
    'may have the user %s',
    (userId) => {
      const parts = splitSessionText(sessionText('').replace('{name: alice}', '\n  name: alice').replace('userId: alice', `userId: ${userId}`));
      expect(parts?.identity).toEqual({ name: 'alice', userId: userId.replace(/^(["'])(.*)\1$/, '$2') });
    },
  ); // prettier-ignore

  it.each(['true', 'null', 'NULL', '1e3', '1.5', '007', '0x1f', '12345', '~', '"a\\n"', "'it''s'", 'a: b', '- a', '&a b', '*a', '!t a', 'a # b', '{a: b}', 'a, b', ''])(
    'is a class of its own with the user %s',
    (userId) => {
      const text = sessionText('').replace('{name: alice}', '\n  name: alice').replace('userId: alice', `userId: ${userId}`);
      expect(splitSessionText(text)).toBeUndefined();
    },
  ); // prettier-ignore

  it.each([
    'metadata in brackets',
    'all in brackets',
    'another indentation',
    'line ends of Windows',
    'one line end of Windows',
    'a byte order mark',
    'a comment behind the name',
    'a tab behind the user',
    'two spaces before the user',
    'the name twice',
    'an anchor',
    'an alias to the metadata',
    'an alias to the name',
    'metadata by an alias',
    'a tag',
    'no user',
    'no name',
  ])('is a class of its own with %s', (style) => {
    const text =
      STYLES[style]?.({ name: 'alice', userId: 'alice', expiresAt: undefined, suspended: undefined }, '') ?? '';
    const [parts, file] = [splitSessionText(text), fileOf(text)];
    expect(parts !== undefined && file !== undefined && isIdentityOf(parts, file)).toBe(false);
  });

  it.each([
    'plain',
    'in double quotes',
    'in single quotes',
    'the specification first',
    'a document start',
    'a comment with look-alikes',
    'a block of text in an annotation',
  ])('is of a class with %s', (style) => {
    const identity = { name: 'alice', userId: 'alice', expiresAt: '"2030-01-31T18:00:00Z"', suspended: 'true' };
    const text = STYLES[style]?.(identity, '') ?? '';
    const [parts, file] = [splitSessionText(text), fileOf(text)];
    expect(parts !== undefined && file !== undefined && isIdentityOf(parts, file)).toBe(true);
  });

  it.each(['  expiresAt: 2027-01-31T18:00:00Z\n', '  "expiresAt": 2027-01-31T18:00:00Z\n', '  suspended: "true"\n'])(
    'has a class only with plain fields: %j',
    (more) => {
      const text = sessionText(more).replace('{name: alice}', '\n  name: alice');
      const [parts, file] = [splitSessionText(text), fileOf(text)];
      const isPlain = more.startsWith('  expiresAt');
      expect(parts !== undefined && file !== undefined && isIdentityOf(parts, file)).toBe(isPlain);
    },
  );

  it('is split in linear time, or this does not end', () => {
    for (const unit of ['a ', 'a:', ' ', 'a: ', '"', "'", '#', ' #', ':a', 'a  ', '\0'])
      for (const text of [
        `  name: a\n  userId: ${unit.repeat(500_000)}!`,
        `  userId: ${unit.repeat(400)}|\n`.repeat(1000),
      ])
        expect(splitSessionText(text.replace('!', '|'))?.identity.name).not.toBe('');
  });
});
