import { describeMeaning, isHarmless, meaningOfFile } from '../../../src/core/consumers/files';

const said = (path: string, more: { isLink?: boolean; inChart?: boolean } = {}): string | undefined => {
  const meaning = meaningOfFile({ path, ...more });
  return meaning && `${meaning.program} ${meaning.isControl ? 'control' : 'read'}`;
};

test.each<[path: string, meaning: string | undefined]>([
  ['dist/infra/kustomization.yaml', 'kustomize control'],
  ['dist/infra/kustomization.yml', 'kustomize control'],
  ['dist/infra/Kustomization', 'kustomize control'],
  ['dist/infra/KUSTOMIZATION.YAML', 'kustomize control'], // the same file where the file system folds case
  ['dist/infra/.sourceignore', 'Flux control'],
  ['dist/infra/.krmignore', 'kustomize control'],
  ['dist/infra/.helmignore', 'Helm control'],
  ['dist/infra/.gitattributes', 'Git control'],
  ['dist/infra/.gitignore', 'Git control'],
  ['dist/infra/.gitmodules', 'Git control'],
  ['dist/infra/.git', 'Git control'],
  ['dist/infra/Chart.yaml', 'Argo CD control'],
  ['dist/infra/.argocd-source.yaml', 'Argo CD control'],
  ['dist/infra/.argocd-source-labs.yaml', 'Argo CD control'],
  ['dist/infra/a.yaml', 'Flux read'],
  ['dist/infra/.a.yml', 'Flux read'],
  ['dist/infra/a.json', 'Argo CD read'],
  ['dist/infra/a.jsonnet', 'Argo CD read'],
  ['dist/infra/README.md', undefined],
  ['dist/infra/kustomization.txt', undefined],
  ['dist/infra/kustomizations.md', undefined],
])('%s: %s', (path, meaning) => {
  expect(said(path)).toBe(meaning);
});

test('a link of any name, and any file of a chart, have a meaning', () => {
  expect(said('dist/infra/README.md', { isLink: true })).toBe('Flux control');
  expect(said('dist/charts/lab-session/notes.txt', { inChart: true })).toBe('Helm control');
  expect(said('dist/charts/lab-session/.gitattributes', { inChart: true })).toBe('Git control');
});

test('a sentence names the folder of the file', () => {
  const meaning = meaningOfFile({ path: 'dist/infra/Kustomization' });
  expect(meaning && describeMeaning(meaning, 'dist/infra/Kustomization')).toBe(
    'Flux builds dist/infra from it alone, and deletes the objects that it leaves out',
  );
});

test('files of the desktop disturb nobody', () => {
  const paths = ['dist/.DS_Store', 'dist/infra/Thumbs.db', 'dist/.gitkeep', 'dist/a.yaml'];
  expect(paths.map((path) => isHarmless({ path }))).toEqual([true, true, true, false]);
  expect(paths.map((path) => isHarmless({ path, inChart: true }))).toEqual([true, false, false, false]);
});
