import { synthesizeProject } from '../../src/synth/synthesize';
import { cohort, project, projectWith, session, smallProject, type Files } from '../support/project';

const HELM = {
  delivery: 'helm',
  maxSessions: 9,
  flux: { source: { url: 'https://example.com/labs' } },
  execBackend: {},
};

interface Output {
  readonly dist: ReadonlyMap<string, string>;
  readonly flux: ReadonlyMap<string, string>;
}

function outputWith(files: Files): Output {
  const { files: dist, fluxFiles, problems } = synthesizeProject(projectWith(smallProject(files)));
  if (dist === undefined || fluxFiles === undefined) throw new Error(JSON.stringify(problems));
  const byPath = (list: typeof dist) => new Map(list.map(({ path, content }) => [path, content]));
  return { dist: byPath(dist), flux: byPath(fluxFiles) };
}

/** The files that are not in both alike. */
const changed = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] =>
  Array.from(new Set([...one.keys(), ...other.keys()]))
    .filter((path) => one.get(path) !== other.get(path))
    .sort();

describe.each([
  ['kustomize', { 'dozlab.yaml': project({ maxSessions: 9 }) }, 'sessions'],
  ['helm', { 'dozlab.yaml': project(HELM) }, 'releases'],
])('delivery %s', (delivery, files, folder) => {
  const before = outputWith(files);

  test('another session adds its own files and changes none', () => {
    const after = outputWith({ ...files, 'sessions/class/bob.yaml': session('bob') });
    expect(changed(before.dist, after.dist)).toEqual(
      Array.from(new Set([`${folder}/class/bob.yaml`, 'sessions/class/bob.yaml'])).sort(),
    );
    expect(changed(before.flux, after.flux)).toEqual([]);
  });

  test('another cohort adds its own files and changes none', () => {
    const after = outputWith({
      ...files,
      'sessions/aaa/cohort.yaml': cohort('aaa', { maxSessions: 2 }),
      'sessions/aaa/bob.yaml': session('bob'),
    });
    expect(changed(before.dist, after.dist)).toEqual([
      'flux/cohorts/aaa.yaml',
      'flux/identities/aaa.yaml',
      'infra/namespaces/lab-aaa.yaml',
      ...(delivery === 'helm' ? ['releases/aaa/bob.yaml', 'releases/aaa/chart/lab-session.yaml'] : []),
      'sessions/aaa/bob.yaml',
    ]);
    expect(changed(before.flux, after.flux)).toEqual([]);
  });

  test('another cohort of the same namespace adds no namespace', () => {
    const after = outputWith({ ...files, 'sessions/more/cohort.yaml': cohort('more', { namespace: 'lab-class' }) });
    const own = changed(before.dist, after.dist).filter((path) => path.startsWith('infra/'));
    // The namespace's policy names the accounts of releases.
    expect(own).toEqual(delivery === 'helm' ? ['infra/namespaces/lab-class.yaml'] : []);
  });
});

test('a cohort without sessions has no Kustomization when there is nothing to apply', () => {
  const { dist } = outputWith({ 'sessions/empty/cohort.yaml': cohort('empty') });
  expect(dist.has('infra/namespaces/lab-empty.yaml')).toBe(true);
  expect(dist.has('flux/cohorts/empty.yaml')).toBe(false);
});

test('fluxcd/ has one file for each part that there is', () => {
  expect([...outputWith({}).flux.keys()]).toEqual(['infra.yaml', 'identities.yaml', 'cohorts.yaml']);
  const nodes = { prePull: { enabled: true } };
  expect([...outputWith({ 'dozlab.yaml': project({ ...HELM, nodes }) }).flux.keys()]).toEqual([
    ...['source.yaml', 'infra.yaml', 'identities.yaml', 'cohorts.yaml', 'nodes.yaml', 'exec-backend.yaml'],
  ]);
});
