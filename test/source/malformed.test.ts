import { errorsIn, errorsWith, placesOfSession, placesWith, sessionText, unmarked } from '../support/problems';
import { projectWith, smallProject } from '../support/project';

const SESSION = 'sessions/class/alice.yaml';
const malformed = (text: string): string[] => placesWith({ [SESSION]: text });

describe('validate rejects malformed YAML:', () => {
  test.each([
    ['empty', '»'],
    ['two documents', `${sessionText('')}»---\n${sessionText('')}`],
    ['a second, empty document', `${sessionText('')}»---\n`],
    ['an open bracket', sessionText('  values: {labels: {a: b}\n»')],
    ['an open quote', sessionText('  values: "a\n»')],
    ['a tab for indentation', sessionText('  values:\n»\tlabels: {}\n')],
    ['wrong indentation', sessionText('').replace('vm\n', '»vm\n   values: {}\n')],
    ['a key twice', sessionText('  »lab: vm\n')],
    ['a key twice, once in quotes', sessionText('  »"lab": vm\n')],
    ['a key twice in brackets', sessionText('  values: {labels: {a: b, »a: c}}\n')],
    ['an unknown tag', sessionText('  values: »!secret x\n')],
    ['a key that is a list', sessionText('  values: {labels: {? »[a] : b}}\n')],
  ])('%s', (_, marked) => {
    const { text, place } = unmarked(marked);
    expect(malformed(text)).toContain(`${SESSION}:${place} [malformed]`);
    expect(malformed(text).every((each) => each.endsWith('[malformed]'))).toBe(true);
  });

  test.each(['5', 'text', '[]', '- a', 'null', '---', '# nothing'])('%j in place of a mapping', (text) => {
    const errors = errorsWith({ [SESSION]: text });
    expect(errors.map(({ file }) => file)).toContain(SESSION);
  });

  test('all broken files at once, with the problems of the others', () => {
    const places = placesWith({
      'dozlab.yaml': 'a: b: c\n',
      'labs/vm.yaml': '{',
      'sessions/class/cohort.yaml': '"',
      [SESSION]: sessionText('  suspended: 1\n'),
    });
    expect(places.map((place) => place.split(':')[0])).toEqual(
      expect.arrayContaining(['dozlab.yaml', 'labs/vm.yaml', 'sessions/class/cohort.yaml']),
    );
    expect(places).toContain(`${SESSION}:7:14 spec.suspended [wrong-type]`);
  });
});

describe('validate reads in a short time', () => {
  test('aliases of aliases (billion laughs), in a list and in a mapping', () => {
    const levels = Array.from({ length: 30 }, (_, index) => index);
    const list = levels.map(
      (level) =>
        `a${String(level)}: &a${String(level)} ${level === 0 ? 'x' : `[*a${String(level - 1)}, *a${String(level - 1)}]`}\n`,
    );
    const map = levels.map(
      (level) =>
        `k${String(level)}: &a${String(level)} ${level === 0 ? 'x' : `{x: *a${String(level - 1)}, y: *a${String(level - 1)}}`}`,
    );
    expect(malformed(list.join(''))).toEqual([`${SESSION}:1:1 [malformed]`]);
    expect(placesOfSession(`  values: {annotations: {${map.join(', ')}}}\n`)).toEqual([`${SESSION}:1:1 [malformed]`]);
  });

  test('a mapping that holds itself', () => {
    const places = placesOfSession('  values: &a {annotations: *a}\n');
    expect(places).toEqual([`${SESSION}:7:28 spec.values.annotations.annotations [wrong-type]`]);
  });

  test.each([
    ['lists in brackets', (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`],
    ['mappings in brackets', (depth: number) => `${'{a: '.repeat(depth)}b${'}'.repeat(depth)}`],
    ['lists of lines', (depth: number) => `\n    ${'- '.repeat(depth)}a`],
  ])('%s, 20,000 deep', (_, nested) => {
    const places = placesOfSession(`  values: ${nested(20_000)}\n`);
    expect(places.length).toBeGreaterThan(0);
    expect(places.every((place) => place.endsWith('[malformed]'))).toBe(true);
  });

  test.each(['labels', 'podLabels'])('65,000 %s, about as many as a file can hold', (name) => {
    const labels = Array.from({ length: 65_000 }, (_, index) => `      k${String(index)}: x\n`);
    const text = sessionText(`  values:\n    ${name}:\n${labels.join('')}`);
    expect(errorsIn(projectWith(smallProject({ [SESSION]: text })))).toEqual([]);
  });
});
