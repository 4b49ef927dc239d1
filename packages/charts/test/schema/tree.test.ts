import { at, type Mapping, mergeTrees, pathText, type Tree } from '../../src/schema';

describe('one tree over another', () => {
  it.each<[string, Mapping, Mapping, Mapping]>([
    ['merges mappings key by key', { a: { b: 1, c: 2 } }, { a: { c: 3, d: 4 } }, { a: { b: 1, c: 3, d: 4 } }],
    ['takes lists as a whole', { a: [1, 2] }, { a: [3] }, { a: [3] }],
    ['takes a key away by null', { a: 1, b: { c: 1, d: 2 } }, { a: null, b: { c: null } }, { b: { d: 2 } }],
    ['keeps a null that nothing takes back', { a: null }, {}, { a: null }],
    ['leaves no null where there was nothing', {}, { a: { b: null } }, { a: {} }],
    ['puts a mapping in place of something else', { a: 1 }, { a: { b: 2 } }, { a: { b: 2 } }],
    ['puts something else in place of a mapping', { a: { b: 2 } }, { a: '' }, { a: '' }],
    ['keeps false, 0 and empty text', { a: true, b: 1, c: 'x' }, { a: false, b: 0, c: '' }, { a: false, b: 0, c: '' }],
  ])('%s', (_, base, over, merged) => {
    expect({ ...mergeTrees(base, over) }).toEqual(merged);
  });

  it('changes neither', () => {
    const base: Mapping = { a: { b: 1 } };
    const over: Mapping = { a: { c: 2 } };
    mergeTrees(base, over);

    expect([base, over]).toEqual([{ a: { b: 1 } }, { a: { c: 2 } }]);
  });

  it('treats __proto__ as a key like any other', () => {
    const hostile = JSON.parse('{"__proto__": {"polluted": "yes"}}') as Mapping;
    const merged = mergeTrees({}, hostile);

    expect(Object.keys(merged)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('the value at a path', () => {
  const tree: Tree = { a: [{ b: 'c' }], 'd.e': 1 };

  it('is found through mappings and lists', () => {
    expect(at(tree, ['a', 0, 'b'])).toBe('c');
    expect(at(tree, ['d.e'])).toBe(1);
    expect(at(tree, [])).toBe(tree);
  });

  it.each([[['a', 1]], [['a', 0, 'b', 'c']], [['toString']], [['a', 'length', 'x']]])('is not there at %p', (path) => {
    expect(at(tree, path)).toBeUndefined();
  });
});

it.each<[(string | number)[], string]>([
  [[], ''],
  [['session', 'id'], 'session.id'],
  [['tolerations', 0, 'key'], 'tolerations[0].key'],
  [['labels', 'app.kubernetes.io/name'], 'labels["app.kubernetes.io/name"]'],
  [['labels', '1'], 'labels["1"]'],
  [['ephemeral-storage'], 'ephemeral-storage'],
])('people write the path %p as %p', (path, text) => {
  expect(pathText(path)).toBe(text);
});
