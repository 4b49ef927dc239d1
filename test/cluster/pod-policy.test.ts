import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { renderSession } from '../../src/index';
import type { Manifest } from '@dozlab/charts/yaml';
import { type Mapping, mergeTrees } from '@dozlab/charts/schema';
import { parseValues } from '../../src/api/values/check';
import { REPOSITORY } from '../support/cli';
import { one } from '../support/manifests';
import { imagesOf } from '../support/pod-policy';
import { completeValues, valuesWith } from '../support/values';
import { chartFolder } from './chart';
import { kubectl, sessionNamespace } from './cluster';
import { EnforcedPolicy } from './enforced-policy';
import { Helm } from './helm';
import { podsOf } from './live-session';
import { Release } from './release';

const namespace = sessionNamespace('policy');
const outside = sessionNamespace('policy-outside');

const rich = renderSession(
  parseValues(parse(readFileSync(join(__dirname, 'rich-values.yaml'), 'utf8')) as Mapping),
  namespace,
);

const CLASSROOM = join(REPOSITORY, 'dist', 'sessions', 'classroom');
const example = readdirSync(CLASSROOM)
  .map((name) => readFileSync(join(CLASSROOM, name), 'utf8').replaceAll('lab-classroom', namespace))
  .flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as Manifest));

const policy = new EnforcedPolicy(namespace);

const OTHER = 'example.com/miner:latest';
const LISTED = 'busybox:latest';

/** A session that is a Pod. */
const session = (id: string, over: Mapping = {}): Mapping => {
  const manifests = renderSession(completeValues({ session: { id }, workload: { kind: 'Pod' } }), namespace);
  return mergeTrees(one(manifests, 'Pod') as unknown as Mapping, over);
};

/** The containers of a session, one of them with something of its own. */
const withContainer = (name: string, over: Mapping): Mapping => {
  const { containers, initContainers } = session('x')['spec'] as Record<string, Mapping[]>;
  const changed = (list: Mapping[] = []) =>
    list.map((container) => (container['name'] === name ? mergeTrees(container, over) : container));
  return { spec: { containers: changed(containers), initContainers: changed(initContainers) } };
};

/** A pod with labels and one container. */
const podWith = (labels: Mapping, spec: Mapping = {}, container: Mapping = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'other', namespace, labels },
  spec: {
    automountServiceAccountToken: false,
    containers: [{ name: 'main', image: LISTED, ...container }],
    ...spec,
  },
});

const SOLVER = { 'acme.cert-manager.io/http01-solver': 'true', 'acme.cert-manager.io/http-domain': '12345' };
const SOLVER_IMAGE = 'quay.io/jetstack/cert-manager-acmesolver:v1.19.1';
const PRE_PULL = { 'dozlab.io/pre-pull': 'classroom' };

/** A pod that was there before the policy, without labels. */
const EARLIER = ['pod/earlier', '-n', namespace];

beforeAll(async () => {
  const { metadata, ...pod } = podWith({}, { hostNetwork: true }, { image: OTHER });
  kubectl.apply([{ ...pod, metadata: { ...metadata, name: 'earlier', labels: undefined } }]);
  await policy.enforce(imagesOf([...rich, ...example]));
});

test('the API server finds nothing to warn of in the expressions', () => {
  expect(policy.warnings()).toEqual([]);
});

describe('admitted', () => {
  test('the sessions of the example, which run', () => {
    kubectl.apply(example);
    for (const { metadata } of example.filter(({ kind }) => kind === 'Deployment'))
      expect(podsOf(namespace, metadata.name.replace('lab-session-', ''))).toHaveLength(1);
  });

  test('a session that sets everything there is to set', () => {
    kubectl.apply(rich);
    kubectl.run(['wait', '--for=create', 'pod', '-l', 'session-id=rich-001', '-n', namespace, '--timeout=60s']);
    expect(policy.refusal(podTemplateOf(rich))).toBe('');
  });

  test('a session that is a Pod, which runs', () => {
    kubectl.apply([session('bare')]);
    expect(podsOf(namespace, 'bare')).toHaveLength(1);
  });

  test('the pod of helm test', () => {
    const helm = new Helm('helm');
    const release = new Release(helm, chartFolder(), namespace);
    release.install(valuesWith({ session: { id: 'tested' } }));
    const hooks = parse(helm.run(['get', 'hooks', release.name, '-n', namespace])) as Manifest;
    expect(policy.refusal({ ...hooks, metadata: { ...hooks.metadata, namespace } })).toBe('');
  });

  test.each<[string, object]>([
    ['an ACME solver, by its image', podWith(SOLVER, {}, { image: SOLVER_IMAGE })],
    ['a pod that pulls images ahead', podWith(PRE_PULL)],
    ['one without a value of its label', podWith({ 'dozlab.io/pre-pull': '' })],
  ])('%s', (_, pod) => {
    expect(policy.refusal(pod)).toBe('');
  });

  test('anything in another namespace', () => {
    const pod = podWith({}, { hostNetwork: true }, { image: OTHER });
    expect(policy.refusal({ ...pod, metadata: { ...pod.metadata, namespace: outside } })).toBe('');
  });
});

/** A session with one volume more. */
const withVolume = (volume: Mapping): Mapping => {
  const { volumes } = session('x')['spec'] as Record<string, Mapping[]>;
  return session('x', { spec: { volumes: [...(volumes ?? []), volume] } });
};

const HOST_PATH = { name: 'node', hostPath: { path: '/' } };
const TOKEN = { name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } };
const privileged = { securityContext: { privileged: true } };
const adding = (...add: string[]) => ({ securityContext: { capabilities: { add } } });

describe('refused', () => {
  test.each<[string, object, string]>([
    ['a pod of no known kind', podWith({}), `the namespace ${namespace} takes only these pods`],
    ['half of a session', podWith({ app: 'lab-environment' }), 'sessions (app=lab-environment, session-id)'],
    ['no solver', podWith({ 'acme.cert-manager.io/http01-solver': 'false' }), 'ACME solvers of cert-manager'],
    [
      'another image',
      session('x', withContainer('code-server', { image: OTHER })),
      'container code-server has example.com/miner:latest',
    ],
    [
      'another image of an init container',
      session('x', withContainer('init-rootfs', { image: OTHER })),
      'container init-rootfs has example.com/miner:latest',
    ],
    ['how to add an image', podWith(PRE_PULL, {}, { image: OTHER }), 'spec.infra.podPolicy.images of dozlab.yaml'],
    ['the image of a solver elsewhere', podWith(PRE_PULL, {}, { image: SOLVER_IMAGE }), 'container main has quay.io'],
    [
      'the image of a solver in a session',
      session('x', mergeTrees(withContainer('code-server', { image: SOLVER_IMAGE }), { metadata: { labels: SOLVER } })),
      'container code-server has quay.io',
    ],
    ['a token', session('x', { spec: { automountServiceAccountToken: true } }), 'must be false'],
    ['a token where nothing is said', podWith(SOLVER, { automountServiceAccountToken: null }), 'must be false'],
    ['a token in a volume', withVolume(TOKEN), 'as these volumes would: token'],
    ...['hostNetwork', 'hostPID', 'hostIPC'].flatMap((field): [string, object, string][] => [
      [`${field} of a session`, session('x', { spec: { [field]: true } }), 'neither hostNetwork nor'],
      [`${field} of another pod`, podWith(PRE_PULL, { [field]: true }), 'neither hostNetwork nor'],
    ]),
    ['hostPath of a session', withVolume(HOST_PATH), 'these are not: node'],
    ['hostPath of another pod', podWith(PRE_PULL, { volumes: [HOST_PATH] }), 'these are not: node'],
    [
      'an image as a volume',
      podWith(PRE_PULL, { volumes: [{ name: 'tools', image: { reference: OTHER } }] }),
      'these are not: tools',
    ],
    [
      'hostPort',
      podWith(PRE_PULL, {}, { ports: [{ containerPort: 80, hostPort: 80 }] }),
      'no container has a hostPort, as these do: main',
    ],
    ['a privileged session', session('x', withContainer('firecracker-vm', privileged)), 'these are: firecracker-vm'],
    ['a privileged other pod', podWith(SOLVER, {}, { image: SOLVER_IMAGE, ...privileged }), 'these are: main'],
    [
      'a capability beyond those of the microVM',
      session('x', withContainer('firecracker-vm', adding('SYS_ADMIN', 'SYS_PTRACE'))),
      'against that are: firecracker-vm',
    ],
    [
      'a capability of another container',
      session('x', withContainer('code-server', adding('NET_ADMIN'))),
      'against that are: code-server',
    ],
    [
      'a capability of another pod',
      podWith(PRE_PULL, {}, { name: 'firecracker-vm', ...adding('NET_ADMIN') }),
      'against that are: firecracker-vm',
    ],
  ])('%s', (_, pod, message) => {
    expect(policy.refusal(pod)).toContain(message);
  });

  test('the pod of a Deployment with a wrong image, but not the Deployment, whose status says why', () => {
    const values = completeValues({ session: { id: 'wrong' }, codeServer: { image: OTHER } });
    kubectl.apply(renderSession(values, namespace));
    kubectl.run([
      ...['wait', 'deployment/lab-session-wrong', '-n', namespace, '--timeout=60s'],
      '--for=condition=ReplicaFailure',
    ]);
    const { status } = kubectl.get('deployment', 'lab-session-wrong', '-n', namespace);
    expect(JSON.stringify(status)).toContain(`container code-server has ${OTHER}`);
    expect(kubectl.list('pods', '-n', namespace, '-l', 'session-id=wrong')).toEqual([]);
  });
});

describe('kubectl debug of a session', () => {
  const debug = (container: string, image: string, profile: string): string[] =>
    kubectl.ask(
      [
        ...['debug', 'pod/lab-session-debugged', '-n', namespace, `--container=${container}`, `--image=${image}`],
        ...[`--profile=${profile}`, '--', 'true'],
      ],
      '',
    ).refusals;

  beforeAll(() => {
    kubectl.apply([session('debugged')]);
  });

  test.each([
    ['with another image', OTHER, 'baseline', `container one has ${OTHER}`],
    ['privileged', LISTED, 'sysadmin', 'no container is privileged, as these are: one'],
    ['with a capability', LISTED, 'netadmin', 'against that are: one'],
    ['by the default profile, which adds SYS_PTRACE', LISTED, 'general', 'against that are: one'],
  ])('%s is refused', (_, image, profile, message) => {
    expect(debug('one', image, profile).join('\n')).toContain(message);
  });

  test('with an admitted image is admitted, and again', () => {
    expect(debug('two', LISTED, 'baseline')).toEqual([]);
    expect(debug('three', LISTED, 'restricted')).toEqual([]);
  });
});

describe('a namespace whose sessions need fewer capabilities', () => {
  const few = sessionNamespace('policy-few');
  const enforced = new EnforcedPolicy(few);
  const images = imagesOf(renderSession(completeValues(), few));
  const refusalOf = (...capabilities: string[]): string => {
    const values = completeValues({ session: { id: 'x' }, workload: { kind: 'Pod' }, firecracker: { capabilities } });
    return enforced.refusal(one(renderSession(values, few), 'Pod'));
  };

  test('admits these only', async () => {
    await enforced.enforce(images, ['NET_ADMIN']);
    expect(enforced.warnings()).toEqual([]);
    expect(refusalOf('NET_ADMIN')).toBe('');
    expect(refusalOf()).toBe('');
    expect(refusalOf('NET_ADMIN', 'SYS_ADMIN')).toContain('and only NET_ADMIN; against that are: firecracker-vm');
  });

  test('may admit none', async () => {
    await enforced.enforce(images, []);
    expect(enforced.warnings()).toEqual([]);
    expect(refusalOf()).toBe('');
    expect(refusalOf('NET_ADMIN')).toContain(`no container of the namespace ${few} adds capabilities`);
  });
});

describe('a pod whose images are no longer admitted', () => {
  const pod = ['pod/lab-session-former', '-n', namespace];
  const refusalOf = (...args: string[]): string => kubectl.ask(args, '').refusals.join('\n');

  beforeAll(async () => {
    kubectl.apply([session('former', { metadata: { finalizers: ['example.com/held'] } })]);
    await policy.enforce([LISTED]);
  });

  test('cannot be made again', () => {
    expect(policy.refusal(session('x'))).toContain('container code-server has codercom/code-server:latest');
  });

  test('takes other labels and annotations', () => {
    expect(refusalOf('label', ...pod, 'seen=yes')).toBe('');
    expect(refusalOf('annotate', ...pod, 'seen=yes')).toBe('');
  });

  test('takes images that are admitted, and no others, not even those of its other containers', () => {
    expect(refusalOf('set', 'image', ...pod, `code-server=${OTHER}`)).toContain(`container code-server has ${OTHER}`);
    expect(refusalOf('set', 'image', ...pod, 'firecracker-vm=codercom/code-server:latest')).toContain(
      'container firecracker-vm has codercom/code-server:latest',
    );
    expect(refusalOf('set', 'image', ...pod, `code-server=${LISTED}`)).toBe('');
  });

  test.each(['session-id=another', 'app=another', 'session-id-', 'dozlab.io/test-of=x', 'dozlab.io/pre-pull=x'])(
    'does not become another: %s',
    (label) => {
      expect(refusalOf('label', '--overwrite', ...pod, label)).toContain('a pod keeps its labels app, session-id');
    },
  );

  test('is removed, and so is its finalizer', () => {
    kubectl.run(['delete', ...pod, '--wait=false', '--grace-period=1']);
    expect(refusalOf('label', ...pod, 'ending=yes')).toBe('');
    expect(kubectl.get(...pod).metadata.deletionTimestamp).toBeDefined();
    kubectl.run(['patch', ...pod, '--type=merge', '-p', '{"metadata":{"finalizers":null}}']);
    kubectl.run(['wait', '--for=delete', ...pod, '--timeout=60s']);
    expect(kubectl.try(['get', ...pod])).toBe(false);
  });
});

test('a pod from before the policy takes labels, but does not become a session, and is removed', () => {
  const refusalOf = (...args: string[]): string => kubectl.ask(args, '').refusals.join('\n');
  expect(refusalOf('label', ...EARLIER, 'seen=yes')).toBe('');
  expect(refusalOf('label', ...EARLIER, 'app=lab-environment', 'session-id=bare')).toContain('a pod keeps its labels');
  expect(refusalOf('annotate', ...EARLIER, 'seen=yes')).toBe('');
  expect(refusalOf('delete', ...EARLIER, '--timeout=60s')).toBe('');
});

describe('many images and containers', () => {
  const many = sessionNamespace('policy-many');
  const manyImages = new EnforcedPolicy(many);
  const image = (number: number): string => `registry.example.com/${'a-team/'.repeat(16)}image-${String(number)}`;
  const pod = (reference: (number: number) => string) => {
    const containers = Array.from({ length: 20 }, (_, number) => ({
      name: `container-${String(number)}`,
      image: reference(number),
    }));
    const given = podWith(PRE_PULL, { containers: containers.slice(10), initContainers: containers.slice(0, 10) });
    return { ...given, metadata: { ...given.metadata, namespace: many } };
  };

  test.each<[string, (number: number) => string, (number: number) => string]>([
    ['references', (number) => `${image(number)}:v1`, (number) => `${image(199 - number)}:v1`],
    ['prefixes', (number) => `${image(number)}:*`, (number) => `${image(199 - number)}:v1`],
  ])('200 %s and 20 containers are within the limits', async (_, listed, used) => {
    await manyImages.enforce(Array.from({ length: 200 }, (_each, number) => listed(number)));
    expect(manyImages.warnings()).toEqual([]);
    expect(manyImages.refusal(pod(used))).toBe('');
    expect(manyImages.refusal(pod((number) => `${image(number)}:v2`.replace('image', 'other')))).toContain(
      'container container-19 has registry.example.com',
    );
  });

  test('more is wrong than a message can hold', () => {
    const refusal = manyImages.refusal(pod((number) => `${image(number)}/${'long/'.repeat(60)}image`));
    expect(refusal).toContain('spec.infra.podPolicy.images of dozlab.yaml');
  });
});

/** The pod of a Deployment, as a pod of its own. */
function podTemplateOf(manifests: readonly Manifest[]): object {
  const { template } = one(manifests, 'Deployment')['spec'] as { readonly template: Mapping };
  return {
    ...template,
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...(template['metadata'] as Mapping), name: 'other', namespace },
  };
}
