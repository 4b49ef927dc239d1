import { readFolderOf } from '../../src/model/read-folders';
import { synthesizeProject } from '../../src/synth/synthesize';
import { project, projectWith, smallProject } from '../support/project';

test.each(['kustomize', 'helm', 'argocd'])(
  'with the delivery %s, each generated file is in a folder that is read',
  (delivery) => {
    const source = { url: 'https://git.example.com/labs' };
    const { files = [], fluxFiles = [] } = synthesizeProject(
      projectWith(
        smallProject({
          'dozlab.yaml': project({
            delivery,
            flux: { source },
            argocd: { source },
            infra: { podMonitor: { enabled: true } },
            nodes: { devicePlugin: { enabled: true }, prePull: { enabled: true }, priorityClass: { enabled: true } },
            execBackend: {},
          }),
        }),
      ),
    );
    const paths = [...files.map(({ path }) => `dist/${path}`), ...fluxFiles.map(({ path }) => `fluxcd/${path}`)];
    expect(paths.length).toBeGreaterThan(30);
    expect(paths.filter((path) => readFolderOf(path) === undefined)).toEqual([]);
  },
);

test.each([
  ['dist/monitoring/lab-a.yaml', 'dist/monitoring'],
  ['dist/sessions/a/b.yaml', 'dist/sessions/a'],
  ['dist/flux/cohorts/a.yaml', 'dist/flux/cohorts'],
  ['dist/sessions/b.yaml', undefined],
  ['dist/more/b.yaml', undefined],
])('%s is in %s', (path, folder) => {
  expect(readFolderOf(path)?.path).toBe(folder);
});
