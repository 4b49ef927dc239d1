import type { Manifest } from '@dozlab/charts/yaml';
import { synthesizeProject } from '../../src/synth/synthesize';
import { cohort, type Files, lab, project, projectWith, session } from '../support/project';
import { readYaml } from '../support/read-yaml';

/** Names that are a start, an end or the whole of names that Dozlab composes of others. */
const PARTS = ['x', 'x-secrets', 'x-releases', 'x-test', 'x-vscode', 'x-terminal', 'x-vm-data', 'x-kernels', 'x-infra', 'lab-x', 'session-x', 'chart', 'cohort-x']; // prettier-ignore

const route = (app: string) => ({ host: `${app}.{id}.{user}.example.com` });
const VALUES = {
  ingress: { enabled: true, vscode: route('vscode'), terminal: { ...route('terminal'), allowUnauthenticated: true } },
  volumes: Object.fromEntries(
    ['vmData', 'vscodeData', 'kernels'].map((name) => [name, { persistence: { enabled: true } }]),
  ),
};

function objectsOf(delivery: string, files: Files): string[] {
  const {
    files: output = [],
    fluxFiles = [],
    problems,
  } = synthesizeProject(
    projectWith({
      'dozlab.yaml': project({
        delivery,
        flux: { source: { url: 'https://git.example.com/labs' } },
        secrets: { provider: 'external-secrets' },
        nodes: { devicePlugin: { enabled: true }, prePull: { enabled: true } },
        execBackend: {},
        ...(delivery === 'argocd' ? { argocd: {} } : {}),
        values: VALUES,
      }),
      ...Object.fromEntries(PARTS.map((name) => [`labs/${name}.yaml`, lab(name)])),
      ...files,
    }),
  );
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const kept = output.filter(({ path }) => !path.startsWith('charts/') && !path.endsWith('/kustomization.yaml'));
  const read = delivery === 'helm' ? kept.filter(({ path }) => !path.startsWith('sessions/') || !path.endsWith('.secret.yaml')) : kept; // prettier-ignore
  return [...read, ...fluxFiles].flatMap(({ path, content }) =>
    (path.endsWith('.yaml') ? (readYaml(content)[0] as Manifest[]) : []).map(({ apiVersion, kind, metadata }) =>
      [apiVersion.split('/')[0], kind, metadata.namespace ?? '', metadata.name].join(' '),
    ),
  );
}

const doubles = (objects: readonly string[]): string[] =>
  objects.filter((object, index) => objects.indexOf(object) < index);

describe.each(['kustomize', 'helm', 'argocd'])('with the delivery %s, no two objects have one name', (delivery) => {
  test('whatever cohorts are called', () => {
    const files = PARTS.map((name) => [
      [`sessions/${name}/cohort.yaml`, cohort(name)],
      [`sessions/${name}/one.yaml`, session('one', { lab: 'x', userId: name })],
    ]).flat();
    const objects = objectsOf(delivery, Object.fromEntries(files) as Files);
    expect(objects.length).toBeGreaterThan(200);
    expect(doubles(objects)).toEqual([]);
  });

  test('whatever sessions are called', () => {
    const files = PARTS.map((name) => [`sessions/x/${name}.yaml`, session(name, { lab: 'x', userId: name })]);
    const objects = objectsOf(delivery, {
      'sessions/x/cohort.yaml': cohort('x'),
      ...(Object.fromEntries(files) as Files),
    });
    expect(doubles(objects)).toEqual([]);
  });
});
