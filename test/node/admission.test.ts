import { synthesizeProject } from '../../src/index';
import { kubectl, removeAtEnd, uniqueName, waitForServiceAccount } from '../cluster/cluster';
import { cohort, lab, project, projectWith, session } from '../support/project';
import { lightValues, passwordSecret, podsWhenAvailable } from './sessions';

describe('the admission policy and Pod Security of a session namespace, with real pods', () => {
  let namespace = '';
  let pod = '';

  beforeAll(() => {
    namespace = uniqueName('lab-admission');
    removeAtEnd('namespace', namespace);
    const folder = projectWith({
      'dozlab.yaml': project({ infra: { roles: { sessionManager: { namespace: uniqueName('system-admission') } } } }),
      'labs/light.yaml': lab('light', { values: lightValues() }),
      'sessions/class/cohort.yaml': cohort('class', { namespace }),
      'sessions/class/alice.yaml': session('alice', { lab: 'light' }),
    });
    const { files = [] } = synthesizeProject(folder);
    const below = (path: string): string =>
      files
        .filter((file) => file.path.startsWith(path))
        .map(({ content }) => content)
        .join('---\n');
    kubectl.apply(below('infra/namespaces/'));
    waitForServiceAccount(namespace);
    kubectl.apply([passwordSecret(namespace, 'only-for-tests', 'alice')]);
    kubectl.apply(below('sessions/'));
    pod = podsWhenAvailable(namespace)[0]?.metadata.name ?? '';
  });

  test('kubectl debug looks into a session as the docs say', () => {
    const debug = ['debug', pod, '-n', namespace, '--image=registry.local/busybox:1', '--profile=baseline'];
    kubectl.run([
      ...debug,
      '--container=look',
      '--target=firecracker-vm',
      '--',
      'sh',
      '-c',
      'ps > /dev/termination-log',
    ]);
    kubectl.run([
      ...['wait', `pod/${pod}`, '-n', namespace, '--timeout=60s'],
      '--for=jsonpath={.status.ephemeralContainerStatuses[0].state.terminated.exitCode}=0',
    ]);
    const { status } = kubectl.get('pod', pod, '-n', namespace) as unknown as {
      readonly status: { readonly ephemeralContainerStatuses: readonly { readonly state: unknown }[] };
    };
    // The processes of the container that it looks into.
    expect(JSON.stringify(status.ephemeralContainerStatuses)).toContain('nc -ll -p 22');
  });

  test.each([
    ['a privileged container', ['--image=registry.local/busybox:1', '--profile=sysadmin']],
    ['another image', ['--image=registry.local/kaniko:1.25.5', '--profile=baseline']],
  ])('kubectl debug with %s is refused', (_, options) => {
    const { refusals } = kubectl.ask(['debug', pod, '-n', namespace, ...options, '--', 'true'], '');
    expect(refusals.join('\n')).toContain('ValidatingAdmissionPolicy');
  });

  test('a privileged pod that is no session is refused', () => {
    const own = ['run', 'own', '-n', namespace, '--image=registry.local/busybox:1', '--privileged'];
    expect(kubectl.ask(own, '').refusals.join('\n')).toContain('ValidatingAdmissionPolicy');
  });
});
