import { parseAllDocuments } from 'yaml';
import { isError } from '../../src/core/diagnostics';
import { synthesizeProject } from '../../src/synth/synthesize';
import { cohort, project, projectWith, smallProject, type Files } from '../support/project';

interface FluxObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels: Record<string, string> };
  readonly spec: Record<string, unknown>;
}

const GIT = { url: 'https://example.com/labs', path: './sub' };
const ARTIFACTS = { url: 'oci://registry.example.com/labs', tag: 'v1', secretRef: 'registry', interval: '5s' };

function projectOf(flux: object, files: Files = {}) {
  const all = smallProject({ 'dozlab.yaml': project({ flux: { source: GIT, ...flux } }), ...files });
  return synthesizeProject(projectWith(all));
}

/** The objects of a file of the output. */
function objectsOf(path: string, flux: object, files: Files = {}): FluxObject[] {
  const { files: output = [], fluxFiles = [], problems } = projectOf(flux, files);
  const text = [...output, ...fluxFiles].find((file) => file.path === path)?.content;
  if (text === undefined) throw new Error(JSON.stringify(problems));
  return parseAllDocuments(text).map((document) => document.toJS() as FluxObject);
}

const COHORT = 'flux/cohorts/class.yaml';
const HELM = { 'sessions/class/cohort.yaml': cohort('class', { delivery: 'helm' }) };

describe.each([
  ['kustomize', {}],
  ['helm', HELM],
])('artifacts, delivery %s', (_, files) => {
  test('Flux reads the cohort from its own repository in the registry', () => {
    const [source, kustomization] = objectsOf(COHORT, { artifacts: ARTIFACTS }, files);
    expect(source).toMatchObject({
      kind: 'OCIRepository',
      metadata: { name: 'lab-class', namespace: 'flux-system' },
      spec: {
        url: 'oci://registry.example.com/labs/class',
        ref: { tag: 'v1' },
        interval: '5s',
        secretRef: { name: 'registry' },
      },
    });
    expect(source?.spec).not.toHaveProperty('insecure');
    expect(kustomization?.spec).toMatchObject({
      sourceRef: { kind: 'OCIRepository', name: 'lab-class' },
      path: './',
      serviceAccountName: 'lab-class',
      prune: true,
    });
    const [git, ...others] = objectsOf(COHORT, {}, files);
    expect(others).toEqual([]);
    expect({ ...kustomization?.spec, sourceRef: null, path: null }).toEqual({
      ...git?.spec,
      sourceRef: null,
      path: null,
    });
  });

  test('Flux reads what cohorts share from the Git repository', () => {
    const [before, after] = [projectOf({}, files), projectOf({ artifacts: ARTIFACTS }, files)];
    expect(after.fluxFiles).toEqual(before.fluxFiles);
    const others = ({ files: output = [] }: typeof before) => output.filter(({ path }) => path !== COHORT);
    expect(others(after)).toEqual(others(before));
  });
});

describe('shards', () => {
  const KEY = 'sharding.fluxcd.io/key';
  const SHARDS = { shards: ['shard1'] };

  test('label the Flux objects of a cohort, and no shared object', () => {
    const paths = [COHORT, 'releases/class/alice.yaml', 'releases/class/chart/lab-session.yaml'];
    const labelled = paths.flatMap((path) => objectsOf(path, { ...SHARDS, artifacts: ARTIFACTS }, HELM));
    expect(labelled.map(({ kind, metadata }) => [kind, metadata.labels[KEY]])).toEqual(
      ['OCIRepository', 'Kustomization', 'HelmRelease', 'GitRepository', 'HelmChart'].map((kind) => [kind, 'shard1']),
    );
    const { files = [], fluxFiles = [] } = projectOf(SHARDS, HELM);
    const others = [...files, ...fluxFiles].filter(({ path }) => !paths.includes(path));
    expect(others.filter(({ content }) => content.includes(KEY))).toEqual([]);
  });

  test('are chosen by a cohort', () => {
    const own = { 'sessions/class/cohort.yaml': cohort('class', { shard: 'b' }) };
    expect(objectsOf(COHORT, { shards: ['a', 'b', 'c'] }, own)[0]?.metadata.labels[KEY]).toBe('b');
    const [problem] = projectOf({ shards: ['a'] }, own).problems.filter(isError);
    expect(problem).toMatchObject({ code: 'wrong-value', file: 'sessions/class/cohort.yaml', path: 'spec.shard' });
    expect(projectOf({}, own).problems.find(isError)?.message).toContain('names none');
  });

  test('add no label without spec.flux.shards', () => {
    expect(objectsOf(COHORT, {})[0]?.metadata.labels).not.toHaveProperty([KEY]);
  });
});
