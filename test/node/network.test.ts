import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { renderSession, synthesizeProject } from '../../src/index';
import { kubectl, removeAtEnd, sessionNamespace, uniqueName, waitForServiceAccount } from '../cluster/cluster';
import type { LiveObject } from '../cluster/kubectl';
import { completeValues } from '../support/values';
import { REPOSITORY } from '../support/cli';
import { API_PORT, API_SERVICE, HOST } from './place';
import { INTERNET } from './internet';
import { isAllowed, type End, type NetworkPolicy } from './policy-model';
import { lightValues, passwordSecret, podsWhenAvailable } from './sessions';

/** A pod that only waits, from which connections are tried. */
const shell = (name: string, namespace: string, labels = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels },
  spec: {
    terminationGracePeriodSeconds: 0,
    automountServiceAccountToken: false,
    containers: [
      {
        ...{
          name: 'shell',
          image: 'registry.local/busybox:1',
          command: ['sh', '-c', 'nc -ll -p 8080 -e echo; sleep 1d'],
        },
        resources: { requests: { cpu: '5m' }, limits: { cpu: '1', memory: '64Mi', 'ephemeral-storage': '64Mi' } },
        securityContext: {
          ...{ allowPrivilegeEscalation: false, runAsNonRoot: true, runAsUser: 1000, capabilities: { drop: ['ALL'] } },
          seccompProfile: { type: 'RuntimeDefault' },
        },
      },
    ],
  },
});

/** A row of the table: from where, to where, at which port, and whether it opens. */
type Row = readonly [from: string, to: string, port: number, isOpen: boolean];

describe('connections of sessions and of the exec backend, by the policies and on the node', () => {
  const ends = new Map<string, End & { readonly pod?: string }>();
  const policies: NetworkPolicy[] = [];
  let server: Server;
  let port = 0;

  const end = (name: string): End & { readonly pod?: string } => {
    const found = ends.get(name);
    if (found === undefined) throw new Error(`no end is called ${name}`);
    return found;
  };

  const addPod = (name: string, live: LiveObject): void => {
    const { podIP } = live['status'] as { readonly podIP: string };
    ends.set(name, {
      ...{ ip: podIP, namespace: live.metadata.namespace ?? '', labels: live.metadata.labels ?? {} },
      pod: live.metadata.name,
    });
  };

  const addShell = (name: string, namespace: string, labels = {}): void => {
    kubectl.apply([shell(name, namespace, labels)]);
    kubectl.run(['wait', '--for=condition=Ready', `pod/${name}`, '-n', namespace, '--timeout=60s']);
    addPod(name, kubectl.get('pod', name, '-n', namespace));
  };

  const newNamespace = (name: string): string => {
    const namespace = name === 'ingress-nginx' ? name : uniqueName(name);
    removeAtEnd('namespace', namespace);
    kubectl.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
    waitForServiceAccount(namespace);
    return namespace;
  };

  const addSession = (id: string, namespace: string): void => {
    kubectl.apply([passwordSecret(namespace, 'only-for-tests', id)]);
    const objects = renderSession(completeValues(lightValues({ session: { id, userId: 'alice' } })), namespace);
    policies.push(
      ...(kubectl.apply(objects).filter(({ kind }) => kind === 'NetworkPolicy') as unknown as NetworkPolicy[]),
    );
    const [live] = podsWhenAvailable(namespace).filter(({ metadata }) => metadata.labels?.['session-id'] === id);
    if (live === undefined) throw new Error(`no pod of ${id}`);
    addPod(id, live);
  };

  beforeAll(async () => {
    server = createServer((_, response) => response.end()).listen(0, '0.0.0.0');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
    const [first, second] = [sessionNamespace('first'), sessionNamespace('second')];
    addSession('alice-001', first);
    addSession('bob-001', first);
    addSession('carol-001', second);
    addShell('ingress', newNamespace('ingress-nginx'));
    addShell('elsewhere', newNamespace('elsewhere'));
    addShell('helm-test', first, { 'dozlab.io/test-of': 'alice-001' });

    const execbox = uniqueName('execbox');
    removeAtEnd('namespace', execbox);
    const { files = [] } = synthesizeProject(REPOSITORY);
    const backend = files.filter(
      ({ path }) => path.startsWith('exec-backend/') && !path.endsWith('kustomization.yaml'),
    );
    const text = backend.map(({ content }) => content.replaceAll(/\bexecbox\b(?!-)/g, execbox)).join('---\n');
    policies.push(
      ...(kubectl.apply(text).filter(({ kind }) => kind === 'NetworkPolicy') as unknown as NetworkPolicy[]),
    );
    waitForServiceAccount(execbox);
    addShell('box', execbox);
    addShell('other-box', execbox);

    const dns = kubectl.list('pods', '-n', 'kube-system', '-l', 'k8s-app=kube-dns');
    if (dns[0] !== undefined) addPod('DNS', dns[0]);
    const places = { node: HOST, kubelet: HOST, 'API server': HOST, 'API service': API_SERVICE, internet: INTERNET };
    const ranges = {
      metadata: '169.254.169.254',
      'range 172': '172.20.0.1',
      'range 192': '192.168.77.1',
      'range 100': '100.64.0.1',
    };
    for (const [name, ip] of Object.entries({ ...places, ...ranges })) ends.set(name, { ip });
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Whether a connection opens, tried from a pod. A denial may be a refusal or silence. */
  const opens = (from: string, to: string, at: number): boolean => {
    const { pod = '', namespace = '' } = end(from);
    const connect = ['timeout', '3', 'nc', '-w', '2', end(to).ip, String(at), '-e', 'true'];
    return kubectl.try(['exec', '-n', namespace, pod, '--', ...connect]);
  };

  const SERVER = 0;
  const rows: readonly Row[] = [
    ...[8080, 8081, 22].flatMap((at): Row[] => [
      ['ingress', 'alice-001', at, true],
      ['bob-001', 'alice-001', at, false],
      ['carol-001', 'alice-001', at, false],
      ['elsewhere', 'alice-001', at, false],
      ['box', 'alice-001', at, false],
      ['helm-test', 'alice-001', at, at !== 22],
      ['helm-test', 'bob-001', at, false],
    ]),
    ...['alice-001', 'box'].flatMap((from): Row[] => [
      [from, 'internet', SERVER, true],
      [from, 'DNS', 53, true],
      [from, 'API server', API_PORT, false],
      [from, 'API service', 443, false],
      [from, 'kubelet', 10250, false],
      [from, 'node', SERVER, false],
      [from, 'metadata', SERVER, false],
      [from, 'range 100', SERVER, false],
      [from, 'range 172', SERVER, false],
      [from, 'range 192', SERVER, false],
      [from, 'ingress', 8080, false],
      [from, 'elsewhere', 8080, false],
    ]),
    ['alice-001', 'carol-001', 8080, false],
    ['box', 'other-box', 8080, false],
    ['elsewhere', 'box', 8080, false],
    ['elsewhere', 'internet', SERVER, true],
    // What is denied above is there: a pod without policies reaches it.
    ['elsewhere', 'API server', API_PORT, true],
    ['elsewhere', 'API service', 443, true],
    ['elsewhere', 'kubelet', 10250, true],
    ['elsewhere', 'node', SERVER, true],
    ['elsewhere', 'metadata', SERVER, true],
    ['elsewhere', 'range 100', SERVER, true],
    ['elsewhere', 'range 172', SERVER, true],
    ['elsewhere', 'range 192', SERVER, true],
    ['elsewhere', 'ingress', 8080, true],
    ['ingress', 'elsewhere', 8080, true],
  ];

  test.each(rows)('%s to %s at port %i (0: of the test): %s', async (from, to, given, expected) => {
    const at = given === SERVER ? port : given;
    expect(isAllowed(policies, end(from), end(to), at)).toBe(expected);
    // Policies reach the node within two seconds.
    for (let tries = 10; opens(from, to, at) !== expected && tries > 0; tries -= 1)
      await new Promise((resolve) => setTimeout(resolve, 500));
    expect(opens(from, to, at)).toBe(expected);
  });

  test('a session resolves names', () => {
    const { pod = '', namespace = '' } = end('alice-001');
    const answer = kubectl.run([
      'exec',
      '-n',
      namespace,
      pod,
      '-c',
      'code-server',
      '--',
      'nslookup',
      '-type=a',
      'kubernetes.default.svc.cluster.local',
    ]);
    expect(answer).toContain(API_SERVICE);
  });

  test('the node reaches every session, as probes do', async () => {
    for (const id of ['alice-001', 'bob-001', 'carol-001'])
      expect((await fetch(`http://${end(id).ip}:8080/healthz`)).status).toBe(200);
  });
});
