import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import type { Mapping } from '@dozlab/charts/schema';
import { isError } from '../../../src/core/diagnostics';
import { synthesizeProject } from '../../../src/synth/synthesize';
import { valuesWith } from '../../support/values';
import { parseValues } from '../../../src/api/values/check';
import { labSessionChart } from '../../../src/manifests/lab-session-chart';
import { PROVIDERS } from '../../../src/secrets/providers';
import { REPOSITORY } from '../../support/cli';
import { placeOf } from '../../support/problems';
import { cohort, project, projectWith, smallProject, type Files } from '../../support/project';

const URL = 'https://example.com/labs';
const GIT = { flux: { source: { url: URL, path: './sub' } } };
const ARGOCD = { delivery: 'argocd', argocd: {}, ...GIT };

const synthesized = (spec: object, files: Files = {}) =>
  synthesizeProject(projectWith(smallProject({ 'dozlab.yaml': project(spec), ...files })));

const errorsOf = (spec: object, files: Files = {}) =>
  synthesized(spec, files)
    .problems.filter(isError)
    .map((problem) => `${placeOf(problem)} ${problem.message}`);

interface Objects {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string; readonly finalizers?: string[] };
  readonly spec: Record<string, unknown>;
}

/** The objects of a file of dist/argocd. */
function objectsIn(name: string, spec: object = ARGOCD, files: Files = {}): Objects[] {
  const { files: output = [], problems } = synthesized(spec, files);
  const text = output.find(({ path }) => path === `argocd/${name}.yaml`)?.content;
  if (text === undefined) throw new Error(JSON.stringify(problems));
  return parseAllDocuments(text).map((document) => document.toJS() as Objects);
}

const argocdFiles = (spec: object, files: Files = {}) =>
  (synthesized(spec, files).files ?? []).map(({ path }) => path).filter((path) => path.startsWith('argocd/'));

const IN_CLUSTER = 'https://kubernetes.default.svc';

test('a cohort has an Application over its sessions, which owns only the fields of the manifests', () => {
  const [appProject, application] = objectsIn('cohorts/class');
  expect(appProject).toMatchObject({
    kind: 'AppProject',
    metadata: { name: 'lab-class', namespace: 'argocd' },
    spec: { sourceRepos: [URL], destinations: [{ server: IN_CLUSTER, namespace: 'lab-class' }] },
  });
  expect(application).toMatchObject({
    kind: 'Application',
    metadata: { name: 'lab-class', namespace: 'argocd' },
    spec: {
      project: 'lab-class',
      source: { repoURL: URL, targetRevision: 'main', path: 'sub/dist/sessions/class' },
      destination: { server: IN_CLUSTER, namespace: 'lab-class' },
      syncPolicy: {
        automated: { prune: true, selfHeal: true, allowEmpty: true },
        syncOptions: ['ServerSideApply=true', 'PrunePropagationPolicy=background'],
        retry: { limit: 2 },
      },
    },
  });
});

test('its AppProject takes every kind of a session, no cluster-wide one and no Secret', () => {
  const [appProject] = objectsIn('cohorts/class');
  const allowed = appProject?.spec['namespaceResourceWhitelist'] as { group: string; kind: string }[];
  const everything = readFileSync(join(REPOSITORY, 'dist/charts/lab-session/ci/everything-values.yaml'), 'utf8');
  const values = [parse(everything) as Mapping, valuesWith({ workload: { kind: 'Pod' } })];
  const kinds = values.flatMap((given) => labSessionChart.objects(parseValues(given), 'lab-class'));
  expect(new Set(kinds.map(({ kind }) => kind)).size).toBeGreaterThan(5);
  for (const { apiVersion, kind } of kinds as { apiVersion: string; kind: string }[])
    expect(allowed).toContainEqual({ group: apiVersion.split('/').slice(0, -1).join('/'), kind });
  for (const { permissions = [] } of PROVIDERS)
    for (const { apiGroup, resources } of permissions) {
      const found = allowed.filter(({ group }) => group === apiGroup).map(({ kind }) => `${kind.toLowerCase()}s`);
      expect(found.sort()).toEqual([...resources].sort());
    }
  expect(allowed.map(({ kind }) => kind)).not.toContain('Secret');
  expect(appProject?.spec).not.toHaveProperty('clusterResourceWhitelist');
});

test('the root applies its folder, itself included, and infra is compared when a cohort is new', () => {
  const [appProject, root] = objectsIn('root');
  expect(appProject?.metadata.name).toBe('dozlab');
  expect(root).toMatchObject({
    metadata: { name: 'dozlab', namespace: 'argocd' },
    spec: { source: { path: 'sub/dist/argocd', directory: { recurse: true } } },
  });
  expect(root?.spec).not.toHaveProperty('syncPolicy.automated.allowEmpty');
  const [infra] = objectsIn('infra');
  expect(infra).toMatchObject({
    metadata: { name: 'dozlab-infra' },
    spec: { source: { path: 'sub/dist', directory: { recurse: true } } },
  });
  const other = { 'sessions/other/cohort.yaml': cohort('other') };
  expect(objectsIn('infra', ARGOCD, other)[0]?.spec).not.toEqual(infra?.spec);
});

test('PodMonitors are an Application apart from what all cohorts need', () => {
  const monitored = { ...ARGOCD, infra: { podMonitor: { enabled: true } } };
  expect(argocdFiles(ARGOCD)).not.toContain('argocd/monitoring.yaml');
  expect(objectsIn('monitoring', monitored)).toMatchObject([
    { metadata: { name: 'dozlab-monitoring' }, spec: { project: 'dozlab', source: { path: 'sub/dist/monitoring' } } },
  ]);
});

test('spec.argocd sets names, repository and cluster', () => {
  const source = { url: 'ssh://git@example.com/other', revision: 'v1', path: '.' };
  const argocd = { name: 'labs', namespace: 'gitops', source, destination: { name: 'edge' }, infra: false };
  const spec = { ...ARGOCD, argocd };
  expect(argocdFiles(spec)).toEqual(['argocd/root.yaml', 'argocd/cohorts/class.yaml']);
  const [, root] = objectsIn('root', spec);
  expect(root).toMatchObject({
    metadata: { name: 'labs', namespace: 'gitops' },
    spec: { project: 'labs', destination: { server: IN_CLUSTER }, source: { path: 'dist/argocd' } },
  });
  expect(objectsIn('cohorts/class', spec)[1]?.spec).toMatchObject({
    source: { repoURL: source.url, targetRevision: 'v1', path: 'dist/sessions/class' },
    destination: { name: 'edge', namespace: 'lab-class' },
  });
  const both = { ...argocd, destination: { name: 'edge', server: 'https://192.0.2.1' } };
  expect(errorsOf({ ...ARGOCD, argocd: both })[0]).toContain('server or name, not both');
});

test('Argo CD deletes the sessions of a cohort that ends in a namespace that stays', () => {
  const inNamespace = (namespace: string) => ({ 'sessions/class/cohort.yaml': cohort('class', { namespace }) });
  const finalizersIn = (files: Files) => objectsIn('cohorts/class', ARGOCD, files)[1]?.metadata.finalizers;
  const background = ['resources-finalizer.argocd.argoproj.io/background'];
  expect(finalizersIn(inNamespace('labs'))).toBeUndefined();
  expect(finalizersIn(inNamespace('default'))).toEqual(background);
  const shared = { ...inNamespace('labs'), 'sessions/other/cohort.yaml': cohort('other', { namespace: 'labs' }) };
  expect(finalizersIn(shared)).toEqual(background);
});

test('a cohort without sessions keeps its folder in Git', () => {
  const files = { 'sessions/empty/cohort.yaml': cohort('empty') };
  const paths = (synthesized(ARGOCD, files).files ?? []).map(({ path }) => path);
  expect(paths).toContain('sessions/empty/README.md');
  expect(paths).toContain('argocd/cohorts/empty.yaml');
  expect(paths).not.toContain('sessions/class/README.md');
});

test('one cohort of many is delivered by Argo CD, and Flux keeps the others', () => {
  const own = { 'sessions/other/cohort.yaml': cohort('other', { delivery: 'argocd' }) };
  const spec = { argocd: {}, ...GIT };
  expect(argocdFiles(spec, own)).toEqual(['argocd/root.yaml', 'argocd/infra.yaml', 'argocd/cohorts/other.yaml']);
  const flux = (synthesized(spec, own).files ?? []).map(({ path }) => path).filter((path) => path.startsWith('flux/'));
  expect(flux).toEqual(['flux/identities/class.yaml', 'flux/cohorts/class.yaml']);
});

test('dist/argocd outlives its last cohort, and is not there without spec.argocd', () => {
  expect(argocdFiles({ argocd: {}, ...GIT })).toEqual(['argocd/root.yaml', 'argocd/infra.yaml']);
  expect(argocdFiles(GIT)).toEqual([]);
});

test('errors name the setting that is missing', () => {
  expect(errorsOf({ delivery: 'argocd', ...GIT })).toEqual([
    expect.stringMatching(
      /^dozlab\.yaml:\d+:\d+ spec\.delivery \[missing-source\] is argocd, which needs spec\.argocd/,
    ),
  ]);
  expect(errorsOf({ delivery: 'argocd', argocd: {} })).toEqual([
    expect.stringMatching(/^dozlab\.yaml:\d+:\d+ spec\.argocd\.source\.url \[missing-source\] is missing/),
  ]);
  const oci = { flux: { source: { kind: 'OCIRepository', url: 'oci://example.com/labs' } } };
  expect(errorsOf({ delivery: 'argocd', argocd: {}, ...oci })).toHaveLength(1);
});

test.each([
  ['sops', 'whose passwords only Flux decrypts'],
  ['generated', 'works with the delivery helm only'],
])('the provider %s is refused', (provider, message) => {
  expect(errorsOf({ ...ARGOCD, secrets: { provider } }).filter((error) => error.includes('spec.secrets'))).toEqual([
    expect.stringContaining(message),
  ]);
});

test('a refused object stops only its session, so a bare Pod and a claim over quota are no errors', () => {
  const values = { workload: { kind: 'Pod' } };
  expect(synthesized({ ...ARGOCD, values }).problems.map(({ code }) => code)).not.toContain('unchangeable');
  expect(synthesized({ values }).problems.map(({ code }) => code)).toContain('unchangeable');
});
