import { renderSession, synthesizeProject } from '../../src/index';
import { REPOSITORY } from '../support/cli';
import { completeValues } from '../support/values';
import { kubectl, removeAtEnd, sessionNamespace, uniqueName, waitForServiceAccount } from './cluster';
import type { LiveObject } from './kubectl';

const phasesOf = (pods: readonly LiveObject[]): unknown[] =>
  pods.map(({ status }) => (status as { readonly phase: string }).phase);

describe('the example project', () => {
  const { files = [], sessions } = synthesizeProject(REPOSITORY);
  const namespaces = Array.from(new Set(sessions.map(({ namespace }) => namespace)));

  /** The text of files, in namespaces of this test. */
  const textBelow = (folder: string): string => {
    const texts = files.filter(({ path }) => path.startsWith(folder)).map(({ content }) => content);
    return namespaces.reduce((text, name) => text.replaceAll(name, uniqueName(name)), texts.join('---\n'));
  };

  beforeAll(() => {
    for (const name of namespaces) removeAtEnd('namespace', uniqueName(name));
    kubectl.apply(textBelow('infra/'));
    for (const name of namespaces) waitForServiceAccount(uniqueName(name));
  });

  test('is applied as it is written, and applied again changes nothing', () => {
    const text = textBelow('sessions/');
    const applied = kubectl.apply(text);
    expect(applied).toHaveLength(sessions.length * 3);

    // The status of a Deployment moves on by itself; its generation counts changes of its spec.
    const versionOf = ({ kind, metadata: { name, generation, resourceVersion } }: LiveObject): unknown => [
      ...[kind, name],
      kind === 'Deployment' ? generation : resourceVersion,
    ];
    expect(kubectl.apply(text).map(versionOf)).toEqual(applied.map(versionOf));
  });

  test.each(namespaces)('%s: every session becomes available with one running pod', (name) => {
    const namespace = uniqueName(name);
    const own = sessions.filter((session) => session.namespace === name);
    kubectl.run(['wait', '--for=condition=Available', 'deployment', '--all', '-n', namespace, '--timeout=120s']);
    expect(kubectl.list('deployments', '-n', namespace).map(({ metadata }) => metadata.name)).toEqual(
      own.map(({ id }) => `lab-session-${id}`).sort(),
    );
    for (const { id } of own) {
      expect(phasesOf(kubectl.list('pods', '-n', namespace, '-l', `session-id=${id}`))).toEqual(['Running']);
      const [slice] = kubectl.list(
        'endpointslices',
        '-n',
        namespace,
        '-l',
        `kubernetes.io/service-name=lab-service-${id}`,
      );
      expect(slice?.['endpoints']).toHaveLength(1);
    }
  });
});

test('a session that is a Pod runs', () => {
  const namespace = sessionNamespace('pod');
  kubectl.apply(renderSession(completeValues({ workload: { kind: 'Pod' } }), namespace));
  kubectl.run(['wait', '--for=condition=Ready', 'pod/lab-session-alice-001', '-n', namespace, '--timeout=120s']);
  expect(phasesOf(kubectl.list('pods', '-n', namespace))).toEqual(['Running']);
  expect(kubectl.list('deployments', '-n', namespace)).toEqual([]);
});
