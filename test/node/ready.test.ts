import { renderSession, synthesizeProject } from '../../src/index';
import { kubectl, sessionNamespace } from '../cluster/cluster';
import { project, projectWith } from '../support/project';
import { COHORTS, exampleFiles } from './example-files';
import { Internet } from './internet';
import { answersHttp, answersSsh, podStart, type PodStart } from './pod-start';
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

interface Start extends PodStart {
  readonly name: string;
  readonly began: number;
}

/** Starts a pod in a namespace of its own. Every container must be ready at the first readiness probe: a failed one is asked again only after its period. */
async function started(name: string, objects: (namespace: string) => object[], answers = {}): Promise<Start> {
  for (let attempts = 3; ; attempts -= 1) {
    const namespace = sessionNamespace(`ready-${name}-${String(attempts)}`);
    const began = Date.now();
    kubectl.apply(objects(namespace));
    const start = await podStart(namespace, `session-id=${name}`, answers);
    const failed = probesOf(namespace).filter((probe) => probe.includes('Readiness failed'));
    kubectl.run(['delete', 'namespace', namespace, '--wait=false']);
    if (failed.length === 0) return { ...start, name, began };
    // A busy machine can be too slow for a probe, but not each time.
    if (attempts === 1) throw new Error(`${name} was late: ${failed.join(', ')}`);
  }
}

function lineOf({ name, began, answered, ready }: Start): string {
  const seconds = (time: number): string => ((time - began) / 1000).toFixed(1);
  const times = Object.keys(ANSWERS).map((each) => (each in answered ? seconds(answered[each] ?? 0) : '-'));
  const slowest = Math.max(began, ...Object.values(answered));
  const late = `${((ready - slowest) / 1000).toFixed(1)} after the slowest answer`;
  return [name.padEnd(20), ...times, seconds(ready), late].join('  ');
}

test('each session of the example is Ready as soon as its slowest container answers', async () => {
  const folder = projectWith({ 'dozlab.yaml': project(), ...exampleFiles(internet) });
  const { sessions, problems } = synthesizeProject(folder);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const starts = [await started(TRIVIAL, (namespace) => [trivialPod(namespace)])];
  for (const { id, values } of sessions)
    starts.push(
      await started(
        id,
        (namespace) => [passwordSecret(namespace, 'only-for-tests', id), ...renderSession(values, namespace)],
        ANSWERS,
      ),
    );
  expect(starts.map(({ name }) => name)).toEqual([TRIVIAL, ...COHORTS.flatMap(([, ids]) => ids)]);
  const head = ['session'.padEnd(20), ...Object.keys(ANSWERS), 'Ready'].join('  ');
  console.log(`seconds after apply\n${[head, ...starts.map(lineOf)].join('\n')}`);
});
