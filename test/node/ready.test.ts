import { renderSession, synthesizeProject } from '../../src/index';
import { kubectl, sessionNamespace } from '../cluster/cluster';
import { project, projectWith } from '../support/project';
import { exampleFiles } from './example-files';
import { Internet } from './internet';
import { answersHttp, answersSsh, podStart } from './pod-start';
import { passwordSecret } from './sessions';

const internet = new Internet();

beforeAll(() => internet.start());

afterAll(() => {
  internet.stop();
});

/** What a user of a session waits for, by its container. */
const ANSWERS = {
  'firecracker-vm': answersSsh(22),
  'terminal-sidecar': answersHttp(8081, '/ready'),
  'code-server': answersHttp(8080, '/healthz'),
};

const TRIVIAL = 'trivial';

/** A pod of one container without probes: what the node itself needs to start a pod. */
const trivialPod = (namespace: string): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: TRIVIAL, namespace, labels: { 'session-id': TRIVIAL } },
  spec: { containers: [{ name: 'httpd', image: 'registry.local/busybox:1', command: ['httpd', '-f', '-p', '8080'] }] },
});

/** How often the kubelet's probes of a namespace's pods had a result, as `CONTAINER TYPE RESULT: COUNT`. */
const probesOf = (namespace: string): string[] =>
  kubectl
    .run(['get', '--raw', '/api/v1/nodes/node-a/proxy/metrics/probes'])
    .split('\n')
    .filter((line) => line.startsWith('prober_probe_total') && line.includes(`namespace="${namespace}"`))
    .map((line) => {
      const label = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(line)?.[1] ?? '';
      const count = line.slice(line.lastIndexOf(' ') + 1);
      return `${label('container')} ${label('probe_type')} ${label('result')}: ${count}`;
    });

test('each session of the example is Ready as soon as its slowest container answers', async () => {
  const folder = projectWith({ 'dozlab.yaml': project(), ...exampleFiles(internet) });
  const { sessions, problems } = synthesizeProject(folder);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(sessions).toHaveLength(6);

  const started = async (id: string, objects: (namespace: string) => object[], answers = {}): Promise<string> => {
    const namespace = sessionNamespace(`ready-${id}`);
    const began = Date.now();
    kubectl.apply(objects(namespace));
    const { answered, ready } = await podStart(namespace, `session-id=${id}`, answers);
    // A failed readiness probe is asked again only after its period.
    expect(probesOf(namespace).filter((probe) => probe.includes('Readiness failed'))).toEqual([]);
    const seconds = (time: number): string => ((time - began) / 1000).toFixed(1);
    const slowest = Math.max(began, ...Object.values<number>(answered));
    kubectl.run(['delete', 'namespace', namespace, '--wait=false']);
    return [
      ...[
        id.padEnd(20),
        ...Object.keys(ANSWERS).map((name) => (name in answered ? seconds(answered[name] ?? 0) : '-')),
      ],
      ...[seconds(ready), `${((ready - slowest) / 1000).toFixed(1)} after the slowest answer`],
    ].join('  ');
  };

  const lines = [['session'.padEnd(20), ...Object.keys(ANSWERS), 'Ready'].join('  ')];
  lines.push(await started(TRIVIAL, (namespace) => [trivialPod(namespace)]));
  for (const { id, values } of sessions)
    lines.push(
      await started(
        id,
        (namespace) => [passwordSecret(namespace, 'only-for-tests', id), ...renderSession(values, namespace)],
        ANSWERS,
      ),
    );
  console.log(`seconds after apply\n${lines.join('\n')}`);
});
