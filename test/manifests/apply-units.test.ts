import { parseAllDocuments } from 'yaml';
import { renderSession } from '../../src/index';
import { synthesizeProject } from '../../src/synth/synthesize';
import { kindsOfOtherUnits } from '../../src/manifests/apply-units';
import { cohort, project, projectWith, session, smallProject, type Files } from '../support/project';
import { SEALED, SECRET_FILE, sealedText } from '../support/secret-project';
import { completeValues } from '../support/values';

interface Kustomization {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly path: string;
    readonly serviceAccountName: string;
    readonly dependsOn: readonly { readonly name: string; readonly readyExpr: string }[];
    readonly patches?: readonly { readonly patch: string; readonly target: { readonly kind: string } }[];
  };
}

const ROUTES = { httpRoute: { enabled: true, parentRefs: [{ name: 'gate' }], vscode: { host: '{id}.example.com' } } };
const EXTERNAL = { provider: 'external-secrets' };
const routed = { [`sessions/class/bob.yaml`]: session('bob', { values: ROUTES }) };

function synthesized(files: Files): ReadonlyMap<string, string> {
  const { files: dist, fluxFiles, problems } = synthesizeProject(projectWith(smallProject(files)));
  if (dist === undefined || fluxFiles === undefined) throw new Error(JSON.stringify(problems));
  return new Map([
    ...dist.map(({ path, content }) => [`dist/${path}`, content] as const),
    ...fluxFiles.map(({ path, content }) => [`fluxcd/${path}`, content] as const),
  ]);
}

const kustomizationsOf = (name: string, files: Files): Kustomization[] =>
  parseAllDocuments(synthesized(files).get(`dist/flux/cohorts/${name}.yaml`) ?? '').map(
    (document) => document.toJS() as Kustomization,
  );

/** Names of Kustomizations, with the kinds that they do not apply. */
const unitsOf = (files: Files): Record<string, string[]> =>
  Object.fromEntries(
    kustomizationsOf('class', files).map(({ metadata, spec }) => [
      metadata.name,
      (spec.patches ?? []).flatMap(({ target }) => target.kind.split('|')),
    ]),
  );

test('a cohort whose sessions need no foreign kind is one Kustomization without patches', () => {
  expect(unitsOf({})).toEqual({ 'lab-class': [] });
});

test('HTTPRoutes are a Kustomization apart, which applies nothing else', () => {
  const units = unitsOf(routed);
  expect(Object.keys(units)).toEqual(['lab-class', 'lab-class.routes']);
  expect(units['lab-class']).toEqual(['HTTPRoute']);
  expect(units['lab-class.routes']).not.toContain('HTTPRoute');
  expect(units['lab-class.routes']).toEqual(expect.arrayContaining(['Deployment', 'Secret', 'ExternalSecret']));
});

test.each([
  ['external-secrets', EXTERNAL, {}, ['ExternalSecret', 'Password', 'PushSecret']],
  ['sealed-secrets', SEALED, { [SECRET_FILE]: sealedText('hunter2-hunter2') }, ['SealedSecret']],
])('passwords of %s are a Kustomization apart', (_, secrets, files, kinds) => {
  const units = unitsOf({ 'dozlab.yaml': project({ secrets }), ...files });
  expect(Object.keys(units)).toEqual(['lab-class', 'lab-class.passwords']);
  expect(units['lab-class']).toEqual(kinds);
  for (const kind of kinds) expect(units['lab-class.passwords']).not.toContain(kind);
});

test('passwords and routes do not stop each other', () => {
  const units = unitsOf({ 'dozlab.yaml': project({ secrets: EXTERNAL }), ...routed });
  expect(units['lab-class.routes']).toContain('ExternalSecret');
  expect(units['lab-class.passwords']).toContain('HTTPRoute');
});

test('a unit has folder, account and dependencies of its cohort, and the cohort waits for it only to give objects up', () => {
  const [main, routes] = kustomizationsOf('class', routed);
  const needs = (of?: Kustomization) => of?.spec.dependsOn.map(({ name }) => name);
  expect(routes?.spec).toMatchObject({ path: main?.spec.path, serviceAccountName: 'lab-class' });
  expect(needs(routes)).toEqual(['dozlab-infra', 'dozlab-identities']);
  expect(needs(main)).toEqual(['dozlab-infra', 'dozlab-identities', 'lab-class.routes']);
  expect(main?.spec.dependsOn.at(-1)?.readyExpr).toMatch(/^!\(has\(self\.status\.inventory\) && .*_\(HTTPRoute\)\$/);
});

test('the delivery helm leaves routes to the releases', () => {
  const helm = { delivery: 'helm', flux: { source: { url: 'https://example.com/labs' } } };
  expect(unitsOf({ 'dozlab.yaml': project(helm), ...routed })).toEqual({ 'lab-class': [] });
  const units = unitsOf({ 'dozlab.yaml': project({ ...helm, secrets: EXTERNAL }), ...routed });
  expect(units['lab-class.passwords']).toEqual(expect.arrayContaining(['HelmRelease', 'HelmChart', 'GitRepository']));
});

test('the longest name of a cohort gives names that Flux takes as label values', () => {
  const name = 'c'.repeat(59);
  const files = { [`sessions/${name}/cohort.yaml`]: cohort(name), [`sessions/${name}/bob.yaml`]: session('bob', { values: ROUTES }) }; // prettier-ignore
  const names = kustomizationsOf(name, files).map(({ metadata }) => metadata.name);
  expect(names).toHaveLength(2);
  for (const each of names) expect(each.length).toBeLessThanOrEqual(63);
});

test('a unit leaves out all kinds of a session but its own', () => {
  const values = completeValues({
    ...ROUTES,
    ingress: { enabled: true, vscode: { host: 'a.example.com' } },
    volumes: { vmData: { persistence: { enabled: true } } },
    codeServer: { password: 'x' },
  });
  const kinds = new Set(renderSession(values, 'lab-class').map(({ kind }) => kind));
  kinds.delete('HTTPRoute');
  const others = kindsOfOtherUnits('routes', { secrets: { provider: 'existing' } });
  expect(others).toEqual(expect.arrayContaining(Array.from(kinds)));
  expect(others).not.toContain('HTTPRoute');
});

test('PodMonitors are a Kustomization apart from what all cohorts need', () => {
  const all = synthesized({ 'sessions/class/cohort.yaml': cohort('class', { infra: { podMonitor: { enabled: true } } }) }); // prettier-ignore
  const withMonitors = Array.from(all).filter(([, content]) => /^kind: PodMonitor$/m.test(content));
  expect(withMonitors.map(([path]) => path)).toEqual(['dist/monitoring/lab-class.yaml']);
  expect(all.get('fluxcd/monitoring.yaml')).toContain('path: "./dist/monitoring"');
  expect(synthesized({}).has('fluxcd/monitoring.yaml')).toBe(false);
});
