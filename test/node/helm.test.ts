import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Mapping, mergeTrees } from '@dozlab/charts/schema';
import { parse } from 'yaml';
import { chartFolder, nextChart } from '../cluster/chart';
import { kubectl, sessionNamespace } from '../cluster/cluster';
import { BOTH, Helm } from '../cluster/helm';
import type { LiveObject } from '../cluster/kubectl';
import { settledRemainsOf } from '../cluster/live-session';
import { Release } from '../cluster/release';
import { valuesWith } from '../support/values';
import { lightValues } from './sessions';

const chart = chartFolder();
const next = nextChart();
const WAIT = ['--wait', '--timeout', '180s'];

/** Light containers do not listen to SIGTERM. */
const valuesOf = (over: Mapping = {}): Mapping =>
  valuesWith(lightValues({ terminationGracePeriodSeconds: 1, ...over }));

function podIn(namespace: string, id: string): LiveObject {
  const [found, ...others] = kubectl
    .list('pods', '-n', namespace, '-l', `session-id=${id}`)
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  if (found === undefined || others.length > 0) throw new Error(`${id} has not one pod`);
  return found;
}

const isReady = ({ status }: LiveObject): boolean =>
  (status as { readonly conditions: readonly { type: string; status: string }[] }).conditions.some(
    ({ type, status }) => type === 'Ready' && status === 'True',
  );

describe.each(BOTH)('%s', (name, helm) => {
  const namespace = sessionNamespace(`${name}-on-node`);
  const release = new Release(helm, chart, namespace);

  const pod = (): LiveObject => podIn(namespace, 'alice-001');

  /** Logs in with the password in the Secret, which is in no message of this test. Gives the status: 302 opens the editor. */
  async function login(): Promise<number> {
    const secret = kubectl.get('secret', 'lab-session-alice-001-secrets', '-n', namespace) as unknown as {
      readonly data: { readonly 'vscode-password': string };
    };
    const password = Buffer.from(secret.data['vscode-password'], 'base64').toString();
    const { podIP } = pod()['status'] as { readonly podIP: string };
    const body = new URLSearchParams({ password });
    return (await fetch(`http://${podIP}:8080/login`, { method: 'POST', redirect: 'manual', body })).status;
  }

  test('install --wait ends when the session is Ready, with a password that was made and opens the editor', async () => {
    release.install(valuesOf(), ...WAIT);
    expect(isReady(pod())).toBe(true);
    expect(await login()).toBe(302);
  });

  test('its test reaches VS Code and the terminal through the Service, and leaves no pod', () => {
    const printed = helm.run(['test', 'lab', '-n', namespace, '--timeout', '120s']);
    expect(printed).toMatch(/Phase:\s+Succeeded/);
    expect(kubectl.try(['get', 'pod', 'lab-test-alice-001', '-n', namespace])).toBe(false);
  });

  test('an upgrade to another version of the chart keeps the pod that runs, and the password', async () => {
    const { uid } = pod().metadata;
    release.from(next).upgrade(valuesOf({ labels: { course: 'one' } }), ...WAIT);
    expect(pod().metadata.uid).toBe(uid);
    expect(await login()).toBe(302);
  });

  test('an upgrade that changes the pod replaces it, and waits for the new one', async () => {
    const { uid } = pod().metadata;
    release.from(next).upgrade(valuesOf({ podLabels: { team: 'a' } }), ...WAIT);
    expect(pod().metadata.uid).not.toBe(uid);
    expect(pod().metadata.labels).toMatchObject({ team: 'a' });
    expect(isReady(pod())).toBe(true);
    expect(await login()).toBe(302);
  });

  test('its test fails when VS Code cannot be reached', () => {
    kubectl.run(['patch', 'service', 'lab-service-alice-001', '-n', namespace, '--type=json', '-p', WRONG_PORT]);
    expect(helm.refusal(['test', 'lab', '-n', namespace, '--timeout', '120s'])).toMatch(/lab-test-alice-001/);
  });

  test('uninstall leaves nothing', async () => {
    release.uninstall();
    expect(await settledRemainsOf(namespace, 'alice-001')).toEqual([]);
  });
});

test('a values file of the older chart, with the images of these tests, becomes Ready', () => {
  const namespace = sessionNamespace('helm-older-on-node');
  const older = parse(readFileSync(join(__dirname, '..', 'cluster', 'older-values.yaml'), 'utf8')) as Mapping;
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'my-secret', namespace } };
  kubectl.apply([{ ...secret, stringData: { 'vscode-password': 'only-for-tests' } }]);
  new Release(new Helm('helm'), chart, namespace).install(
    [older, imagesOf(lightValues() as Layers), PATHS].reduce(mergeTrees),
    ...WAIT,
  );
  expect(isReady(podIn(namespace, 'old-001'))).toBe(true);
});

const WRONG_PORT = JSON.stringify([{ op: 'replace', path: '/spec/ports/0/targetPort', value: 9 }]);

/** Paths that the stand-ins answer, in place of those of the file. */
const PATHS: Mapping = {
  terminal: { livenessProbe: { path: '/health' }, readinessProbe: { path: '/ready' } },
  codeServer: { livenessProbe: { path: '/healthz' }, readinessProbe: { path: '/healthz' } },
};

/** What of the values says which images run. */
function imagesOf({ firecracker = {}, terminal = {}, codeServer = {}, initContainers = {} }: Layers): Mapping {
  const { rootfs = {}, network = {} } = initContainers as Layers;
  const image = ({ image, tag }: Mapping): Mapping => ({ image, tag }) as Mapping;
  return {
    initContainers: { rootfs: image(rootfs), network: image(network) },
    firecracker: { ...image(firecracker), capabilities: ['NET_ADMIN'] },
    terminal: image(terminal),
    codeServer: image(codeServer),
  };
}

type Layers = Readonly<Record<string, Mapping>>;
