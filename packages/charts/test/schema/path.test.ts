import { parsePath, type Path, pathText } from '../../src/schema';

const PATHS: readonly (readonly [Path, string])[] = [
  [['session', 'id'], 'session.id'],
  [['tolerations', 0, 'key'], 'tolerations[0].key'],
  [['labels', 'app.kubernetes.io/name'], 'labels["app.kubernetes.io/name"]'],
  [['labels', '1'], 'labels["1"]'],
  [['ephemeral-storage'], 'ephemeral-storage'],
  [['labels', 'a"b\\c'], 'labels["a\\"b\\\\c"]'],
];

it.each([[[], ''] as const, ...PATHS])('the path %j is printed as %s', (path, text) => {
  expect(pathText(path)).toBe(text);
});

it.each([
  ...PATHS,
  [['labels', 'a.b/c'], 'labels.a\\.b/c'] as const,
  [['labels', 'a.b/c'], "labels['a.b/c']"] as const,
  [['labels', 'a-b'], 'labels[a-b]'] as const,
  [['1'], '1'] as const,
])('the path %j is read from %s', (path, text) => {
  expect(parsePath(text)).toEqual(path);
});

it.each(['', '.a', 'a.', 'a..b', '[0].a', 'a[', 'a["b', 'a b', 'a=b', 'a[0]b', 'a[1234567'])(
  '%j is no path',
  (text) => {
    expect(parsePath(text)).toBeUndefined();
  },
);
