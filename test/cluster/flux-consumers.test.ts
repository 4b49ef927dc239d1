import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { meaningOfFile } from '../../src/core/consumers/files';
import { meaningOfKey } from '../../src/core/consumers/metadata';
import { meaningOfName } from '../../src/core/consumers/names';
import { kubectl, letFluxActIn, removeAtEnd, uniqueName, waitForServiceAccount } from './cluster';
import { GitRepository } from './git-repository';
import { request } from './reconcile';

/**
 * What real Flux makes of each file name that source-controller and kustomize-controller know, beside two manifests `one`
 * and `two` that it applied before. Each case has a folder and a Kustomization of its own, as dist/infra has.
 */

const configMap = (name: string): string => JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });

const build = (more: object = {}, kind = 'Kustomization'): string => JSON.stringify({ kind, ...more });
const ONLY_ONE = build({ resources: ['one.yaml'] });

const annotated = (name: string, key: string): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, annotations: { [key]: 'true' } } });

interface Case {
  /** Files that come with the second commit. */
  readonly adds: Readonly<Record<string, string | { readonly target: string }>>;
  /** What is in the cluster then: of `one`, `two` and `extra`. Else Flux refuses the folder, and all stays. */
  readonly becomes: readonly string[] | 'refused';
  /** A key of metadata that does it, not the name of a file. */
  readonly key?: string;
}

const both = ['one', 'two'];
const extra = (name: string) => `${name}-extra`;

/** By name, also that of the folder. */
const CASES: Readonly<Record<string, Case>> = {
  'kustomization-yaml': { adds: { 'kustomization.yaml': ONLY_ONE }, becomes: ['one'] },
  'kustomization-yml': { adds: { 'kustomization.yml': ONLY_ONE }, becomes: ['one'] },
  kustomization: { adds: { Kustomization: ONLY_ONE }, becomes: ['one'] },
  'build-file-empty': { adds: { Kustomization: '{}' }, becomes: [] },
  'build-file-component': {
    adds: { Kustomization: build({ resources: ['one.yaml'] }, 'Component') },
    becomes: 'refused',
  },
  'build-file-twice': { adds: { Kustomization: ONLY_ONE, 'kustomization.yml': ONLY_ONE }, becomes: 'refused' },
  'build-file-session': { adds: { 'kustomization.yaml': configMap(extra('build-file-session')) }, becomes: 'refused' },
  'build-file-patch': {
    adds: {
      Kustomization: build({
        resources: ['one.yaml', 'two.yaml'],
        patches: [
          {
            target: { name: 'build-file-patch-two' },
            patch: '$patch: delete\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: build-file-patch-two}',
          },
        ],
      }),
    },
    becomes: ['one'],
  },
  'build-file-below': {
    adds: {
      'more/Kustomization': build({ resources: ['x.yaml'] }),
      'more/x.yaml': configMap(extra('build-file-below')),
    },
    becomes: [...both, 'extra'],
  },
  'build-file-upper': { adds: { 'KUSTOMIZATION.YAML': ONLY_ONE }, becomes: both },
  sourceignore: { adds: { '.sourceignore': 'two.yaml\n' }, becomes: ['one'] },
  krmignore: { adds: { '.krmignore': 'two.yaml\n' }, becomes: both },
  helmignore: { adds: { '.helmignore': 'two.yaml\n' }, becomes: both },
  gitignore: { adds: { '.gitignore': 'three.yaml\n' }, becomes: both },
  gitattributes: { adds: { '.gitattributes': '*.yaml linguist-generated\n' }, becomes: both },
  'chart-yaml': { adds: { 'Chart.yaml': 'apiVersion: v2\nname: x\nversion: 1.0.0\n' }, becomes: 'refused' },
  yaml: { adds: { 'x.yaml': configMap(extra('yaml')) }, becomes: [...both, 'extra'] },
  yml: { adds: { 'x.yml': configMap(extra('yml')) }, becomes: [...both, 'extra'] },
  'hidden-yaml': { adds: { '.x.yaml': configMap(extra('hidden-yaml')) }, becomes: [...both, 'extra'] },
  'hidden-folder': { adds: { '.more/x.yml': configMap(extra('hidden-folder')) }, becomes: [...both, 'extra'] },
  json: { adds: { 'x.json': configMap(extra('json')) }, becomes: both },
  'yaml-upper': { adds: { 'x.YAML': configMap(extra('yaml-upper')) }, becomes: both },
  text: { adds: { 'README.md': '# Notes\n' }, becomes: both },
  link: { adds: { 'x.yaml': { target: 'one.yaml' } }, becomes: both },
  'cloudbuild-yaml': { adds: { 'cloudbuild.yaml': configMap(extra('cloudbuild-yaml')) }, becomes: both },
  'appveyor-yml': { adds: { 'appveyor.yml': configMap(extra('appveyor-yml')) }, becomes: both },
  'codeship-steps-yml': { adds: { 'codeship-steps.yml': configMap(extra('codeship-steps-yml')) }, becomes: both },
  'gitlab-ci-yml': { adds: { '.gitlab-ci.yml': configMap(extra('gitlab-ci-yml')) }, becomes: both },
  'sops-yaml': { adds: { '.sops.yaml': configMap(extra('sops-yaml')) }, becomes: both },
  'flux-yaml': { adds: { '.flux.yaml': configMap(extra('flux-yaml')) }, becomes: both },
  'local-config': {
    key: 'config.kubernetes.io/local-config',
    adds: { 'two.yaml': annotated('local-config-two', 'config.kubernetes.io/local-config') },
    becomes: ['one'],
  },
  'wrong-yaml': { adds: { 'x.yaml': 'a: [\n' }, becomes: 'refused' },
  component: { adds: { 'component.yaml': configMap(extra('component')) }, becomes: [...both, 'extra'] },
  console: { adds: { 'console.yaml': configMap(extra('console')) }, becomes: [...both, 'extra'] },
};

const NAMES = Object.keys(CASES);
const namespace = uniqueName('consumers');
/** Flux ignores its default patterns where a repository has any .sourceignore. */
const repositories = { plain: new GitRepository('consumers'), ignoring: new GitRepository('consumers-ignoring') };
const repositoryOf = (name: string) => (name === 'sourceignore' ? 'ignoring' : 'plain');

const put = (name: string, path: string, content: Case['adds'][string]): void => {
  const place = join(repositories[repositoryOf(name)].folder, name, path);
  mkdirSync(dirname(place), { recursive: true });
  if (typeof content === 'string') writeFileSync(place, content);
  else symlinkSync(content.target, place);
};

/** Objects of one case have its name at the front. */
const manifest = (name: string, part: string): string => configMap(`${name}-${part}`);

function attempt(): void {
  for (const repository of Object.values(repositories)) repository.push();
  request(namespace, ...Object.keys(repositories).map((source) => `gitrepository/${source}`));
  request(namespace, ...NAMES.map((name) => `kustomization/${name}`));
}

beforeAll(() => {
  for (const name of NAMES) for (const part of both) put(name, `${part}.yaml`, manifest(name, part));
  kubectl.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
  removeAtEnd('namespace', namespace);
  waitForServiceAccount(namespace);
  letFluxActIn(namespace);
  for (const repository of Object.values(repositories)) repository.push();
  kubectl.apply([
    ...Object.entries(repositories).map(([name, { url }]) => ({
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: { name, namespace },
      spec: { interval: '1h', url, ref: { branch: 'main' } },
    })),
    ...NAMES.map((name) => ({
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name, namespace },
      spec: {
        ...{ interval: '1h', retryInterval: '1h', path: `./${name}`, prune: true, targetNamespace: namespace },
        sourceRef: { kind: 'GitRepository', name: repositoryOf(name) },
      },
    })),
  ]);
  const all = NAMES.map((name) => `kustomization/${name}`);
  kubectl.run(['wait', ...all, '-n', namespace, '--for=condition=Ready', '--timeout=120s']);
  for (const [name, { adds }] of Object.entries(CASES))
    for (const [path, content] of Object.entries(adds)) put(name, path, content);
  attempt();
});
afterAll(() => {
  kubectl.run(['delete', 'kustomizations,gitrepositories', '--all', '-n', namespace, '--wait=false']);
});

test('each file name does to the objects of its folder what the table says', () => {
  const there = new Set(kubectl.list('configmaps', '-n', namespace).map(({ metadata }) => metadata.name));
  const ready = new Map(
    kubectl.list('kustomizations', '-n', namespace).map(({ metadata, status }) => {
      const { conditions = [] } = status as { conditions?: { type: string; status: string }[] };
      return [metadata.name, conditions.find(({ type }) => type === 'Ready')?.status === 'True'];
    }),
  );
  const found = NAMES.map((name) => {
    const parts = [...both, 'extra'].filter((part) => there.has(`${name}-${part}`));
    return [name, ready.get(name) === true ? parts : 'refused'];
  });
  expect(Object.fromEntries(found)).toEqual(
    Object.fromEntries(Object.entries(CASES).map(([name, { becomes }]) => [name, becomes])),
  );
  for (const name of NAMES.filter((each) => CASES[each]?.becomes === 'refused'))
    expect([name, ...both.filter((part) => there.has(`${name}-${part}`))]).toEqual([name, ...both]);
});

/** What the model says of the files of a case: nothing, that a program reads one, or that one changes what is read. */
function modelOf({ adds, key }: Case): 'nothing' | 'read' | 'control' {
  const meanings = Object.entries(adds).map(([path, content]) =>
    meaningOfFile({ path: `dist/infra/${path}`, isLink: typeof content !== 'string' }),
  );
  if (key !== undefined && meaningOfKey(key)?.includes('leave the object out') === true) return 'control';
  if (meanings.some((meaning) => meaning?.isControl === true)) return 'control';
  return meanings.some((meaning) => meaning !== undefined) ? 'read' : 'nothing';
}

test('each file that changes anything has a meaning in the model, and a file by which objects go is a control', () => {
  const wrong = Object.entries(CASES).filter(([, one]) => {
    const isChanged = JSON.stringify(one.becomes) !== JSON.stringify(both);
    const isLess = one.becomes !== 'refused' && !both.every((part) => one.becomes.includes(part));
    const said = modelOf(one);
    return (isLess && said !== 'control') || (isChanged && said === 'nothing');
  });
  expect(wrong.map(([name]) => name)).toEqual([]);
});

test('names of sessions whose files Flux does not apply are refused, and others are not', () => {
  const isApplied = (id: string): boolean => CASES[id]?.becomes.includes('extra') === true;
  expect(['component', 'console'].filter((id) => !isApplied(id) || meaningOfName(id) !== undefined)).toEqual([]);
  expect(meaningOfName('cloudbuild')).toContain('Flux leaves cloudbuild.yaml out');
  expect(meaningOfName('kustomization')).toBeDefined();
});
