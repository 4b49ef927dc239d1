import { at, leaves, listAt, type Mapping, mergeTrees, mergeTreesKeepingNulls, type Tree } from '../../src/schema';

describe('merging one tree over another', () => {
  it.each<[string, Mapping, Mapping, Mapping]>([
    ['merges mappings key by key', { a: { b: 1, c: 2 } }, { a: { c: 3, d: 4 } }, { a: { b: 1, c: 3, d: 4 } }],
    ['replaces lists', { a: [1, 2] }, { a: [3] }, { a: [3] }],
    ['removes a key by null', { a: 1, b: { c: 1, d: 2 } }, { a: null, b: { c: null } }, { b: { d: 2 } }],
    ['keeps a null of the lower tree', { a: null }, {}, { a: null }],
    ['drops a null for a key that does not exist', {}, { a: { b: null } }, { a: {} }],
    ['replaces a scalar by a mapping', { a: 1 }, { a: { b: 2 } }, { a: { b: 2 } }],
    ['replaces a mapping by a scalar', { a: { b: 2 } }, { a: '' }, { a: '' }],
    ['keeps false, 0 and empty text', { a: true, b: 1, c: 'x' }, { a: false, b: 0, c: '' }, { a: false, b: 0, c: '' }],
  ])('%s', (_, base, over, merged) => {
    expect({ ...mergeTrees(base, over) }).toEqual(merged);
  });

  it('changes neither tree', () => {
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

it('the list at a path is empty where there is none', () => {
  expect(listAt({ a: [1] }, ['a'])).toEqual([1]);
  expect(listAt({ a: 'b' }, ['a'])).toEqual([]);
  expect(listAt({}, ['a', 'b'])).toEqual([]);
});

it('the leaves of a tree come with their paths', () => {
  expect(leaves({ a: { b: 1, c: {} }, d: [{ e: 1 }], f: null })).toEqual([
    [['a', 'b'], 1],
    [['a', 'c'], {}],
    [['d'], [{ e: 1 }]],
    [['f'], null],
  ]);
});

it('a null stays where it can remove a key of another tree', () => {
  expect({ ...mergeTreesKeepingNulls({ a: 1, b: { c: 1 } }, { a: null, b: { d: null } }) }).toEqual({
    a: null,
    b: { c: 1, d: null },
  });
});
