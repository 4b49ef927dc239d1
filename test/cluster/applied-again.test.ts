import { parseAllDocuments } from 'yaml';
import type { Manifest } from '@dozlab/charts/yaml';
import { synthesizeProject } from '../../src/index';
import { cohort, lab, project, projectWith, session } from '../support/project';
import { kubectl, removeAtEnd, uniqueName, waitForServiceAccount } from './cluster';
import { textOf } from './kubectl';

/** A project with all kinds of objects that one cluster takes without operators: those of other people fill in their own. */
const filesOf = (namespace: string) =>
  synthesizeProject(
    projectWith({
      'dozlab.yaml': project({
        maxSessions: 4,
        infra: {
          limitRange: { max: { cpu: 8, memory: '16Gi' } },
          roles: { viewers: { groups: ['viewers'] }, instructors: { groups: ['teachers'] } },
        },
      }),
      'labs/vm.yaml': lab('vm'),
      [`sessions/${namespace}/cohort.yaml`]: cohort(namespace, {
        namespace,
        values: {
          volumes: { vmData: { persistence: { enabled: true } } },
          ingress: { enabled: true, vscode: { host: '{id}.example.com' } },
          httpRoute: {
            enabled: true,
            parentRefs: [{ name: 'web' }, { name: 'other', sectionName: 'https' }],
            vscode: { host: '{id}.example.com' },
            terminal: { host: '{id}-terminal.example.com', allowUnauthenticated: true },
          },
        },
      }),
      [`sessions/${namespace}/one.yaml`]: session('one', { suspended: true }),
      [`sessions/${namespace}/two.yaml`]: session('two', { values: { workload: { kind: 'Pod' } } }),
      [`sessions/${namespace}/three.yaml`]: session('three', {
        values: { networkPolicy: { extraEgress: [{ ports: [{ protocol: 'TCP', port: 5432 }] }] } },
      }),
    }),
  );

function objectsFor(namespace: string): Manifest[] {
  const { files = [], problems } = filesOf(namespace);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  removeAtEnd('namespace', namespace);
  const objects = files
    .filter(({ path }) => /^(infra|sessions)\//.test(path) && !path.endsWith('kustomization.yaml'))
    .flatMap(({ content }) => parseAllDocuments(content).map((document) => document.toJS() as Manifest | null))
    .filter((object): object is Manifest => object !== null);
  for (const { kind, metadata } of objects)
    if (/^(ValidatingAdmissionPolicy|PriorityClass|ClusterRole)/.test(kind)) removeAtEnd(kind, metadata.name);
  kubectl.run(['apply', '-f', '-'], textOf(objects.filter(({ kind }) => kind === 'Namespace')));
  waitForServiceAccount(namespace);
  return objects;
}

const lines = (printed: string): string[] => printed.trim().split('\n');

test('a second apply by the client says that each object is unchanged', () => {
  const objects = objectsFor(uniqueName('dozlab-test-again'));
  const text = textOf(objects);
  kubectl.run(['apply', '-f', '-'], text);
  const said = lines(kubectl.run(['apply', '-f', '-'], text));
  expect(said).toHaveLength(objects.length);
  expect(said.filter((line) => !line.endsWith(' unchanged'))).toEqual([]);
  expect(objects.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['Deployment', 'HTTPRoute', 'Ingress', 'ValidatingAdmissionPolicy', 'LimitRange']),
  );
});

test('two who apply the same by the server are not in conflict, and the second changes nothing', () => {
  const text = textOf(objectsFor(uniqueName('dozlab-test-managers')));
  const apply = (manager: string): string[] =>
    lines(kubectl.run(['apply', '--server-side', '--field-manager', manager, '-f', '-'], text));
  const versions = (): string =>
    kubectl.run(
      [
        'get',
        '-f',
        '-',
        '-o',
        'jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.generation} {.spec}{"\\n"}{end}',
      ],
      text,
    );
  const first = apply('one');
  const before = versions();
  expect(apply('two')).toEqual(first);
  expect(apply('one')).toEqual(first);
  expect(versions()).toBe(before);
});

test('an apply by the server after one by the client is not in conflict', () => {
  const text = textOf(objectsFor(uniqueName('dozlab-test-both')));
  kubectl.run(['apply', '-f', '-'], text);
  expect(kubectl.ask(['apply', '--server-side', '-f', '-'], text).refusals).toEqual([]);
});
