import type { Manifest } from '@dozlab/charts/yaml';
import { admitAll, admitAlone, NO_RULES, type NamespaceRules } from '../../src/admission/admit';
import { amountsOf, type Quantities } from '../../src/admission/resource-list';
import { podSpecOf } from '../../src/admission/resource-list';

/** test/cluster/admission.test.ts compares random settings with the API server; these rows say what the rules are. */

const container = (name: string, requests: Quantities, limits: Quantities = {}) => ({
  name,
  resources: { requests, limits },
});

const pod = (spec: object, metadata: object = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'pod', ...metadata },
  spec,
});

const rules = (over: Partial<NamespaceRules>): NamespaceRules => ({ ...NO_RULES, ...over });

const quota = (hard: Quantities, scopes: readonly string[] = []) => ({
  name: 'q',
  hard: amountsOf(hard),
  scopes: scopes.map((scopeName) => ({ scopeName, operator: 'Exists' })),
});

const range = (item: object) => rules({ limitRanges: [[{ type: 'Container', ...item }]] });

const refusal = (given: NamespaceRules, object: Manifest) => admitAlone(given, object).refusal;

describe('a LimitRange', () => {
  const bare = pod({ containers: [{ name: 'main' }] });
  const resourcesOf = (given: NamespaceRules, object: Manifest = bare) =>
    podSpecOf(admitAlone(given, object).object).containers?.[0]?.resources;

  test.each<[string, object, object]>([
    ['max is the default limit and request', { max: { cpu: 1 } }, { limits: { cpu: 1 }, requests: { cpu: 1 } }],
    ['default is the default request', { default: { cpu: 1 } }, { limits: { cpu: 1 }, requests: { cpu: 1 } }],
    ['min is the last default request', { min: { cpu: 1 } }, { limits: {}, requests: { cpu: 1 } }],
    [
      'defaultRequest wins',
      { max: { cpu: 4 }, default: { cpu: 2 }, defaultRequest: { cpu: 1 } },
      { limits: { cpu: 2 }, requests: { cpu: 1 } },
    ],
  ])('%s', (_, item, resources) => {
    expect(resourcesOf(range(item))).toEqual(resources);
  });

  test('gives no request to a container with a limit: the limit is its request', () => {
    const object = pod({ containers: [container('main', {}, { cpu: 2 })] });
    expect(resourcesOf(range({ defaultRequest: { cpu: 1 } }), object)).toEqual({
      limits: { cpu: 2 },
      requests: { cpu: 2 },
    });
  });

  test.each<[object, Quantities, Quantities, string]>([
    [{ max: { cpu: 1 } }, { cpu: 1 }, { cpu: 2 }, 'maximum cpu usage per Container is 1, but limit is 2'],
    [{ min: { cpu: 2 } }, { cpu: 1 }, {}, 'minimum cpu usage per Container is 2, but request is 1'],
    [
      { maxLimitRequestRatio: { cpu: 2 } },
      { cpu: 1 },
      { cpu: 3 },
      'cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000',
    ],
  ])('%j refuses %j %j', (item, requests, limits, message) => {
    for (const list of ['containers', 'initContainers'])
      expect(refusal(range(item), pod({ [list]: [container('main', requests, limits)] }))).toEqual({
        by: 'LimitRanger',
        subjects: ['cpu'],
        message,
      });
  });

  test('may make the limit less than a request, which is not valid', () => {
    const object = pod({ containers: [container('main', { 'ephemeral-storage': '9Gi' })] });
    expect(refusal(range({ max: { 'ephemeral-storage': '5Gi' } }), object)).toMatchObject({
      by: 'Validation',
      subjects: ['ephemeral-storage'],
    });
  });

  test('of the type Pod bounds sums, and of the type PersistentVolumeClaim storage', () => {
    const two = pod({ containers: [container('a', { cpu: 1 }, { cpu: 1 }), container('b', { cpu: 1 }, { cpu: 1 })] });
    expect(refusal(rules({ limitRanges: [[{ type: 'Pod', max: { cpu: 1 } }]] }), two)?.by).toBe('LimitRanger');
    const claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'c' },
      spec: { resources: { requests: { storage: '2Gi' } } },
    };
    expect(
      refusal(rules({ limitRanges: [[{ type: 'PersistentVolumeClaim', max: { storage: '1Gi' } }]] }), claim)?.by,
    ).toBe('LimitRanger');
  });
});

describe('a quota', () => {
  const small = pod({
    containers: [container('main', { cpu: '600m', 'example.com/gpu': 1 }, { cpu: 1, 'example.com/gpu': 1 })],
  });
  const subjects = (given: NamespaceRules, objects: readonly Manifest[]) =>
    admitAll(given, objects).objects.map((each) => each.refusal?.subjects ?? []);

  test('refuses the objects that come last, and counts those before', () => {
    const verdict = admitAll(rules({ quotas: [quota({ cpu: 1, pods: 5 })] }), [small, small]);
    expect(verdict.objects.map((each) => each.refusal?.message)).toEqual([
      undefined,
      'exceeded quota: q, requested: cpu=600m, used: cpu=600m, limited: cpu=1',
    ]);
    expect(verdict.used.get('q')).toEqual(amountsOf({ cpu: '600m', pods: 1 }));
  });

  test('counts extended resources only with requests.', () => {
    expect(
      subjects(rules({ quotas: [quota({ 'example.com/gpu': 0, 'limits.example.com/gpu': 0 })] }), [small]),
    ).toEqual([[]]);
    expect(subjects(rules({ quotas: [quota({ 'requests.example.com/gpu': 0 })] }), [small])).toEqual([
      ['requests.example.com/gpu'],
    ]);
  });

  test('of CPU or memory wants an amount of each container, unless the pod has some itself', () => {
    const given = rules({ quotas: [quota({ 'limits.memory': '9Gi' })] });
    expect(refusal(given, small)?.message).toBe('failed quota: q: must specify limits.memory for: main');
    expect(refusal(given, pod({ ...podSpecOf(small), resources: { limits: { memory: '1Gi' } } }))).toBeUndefined();
  });

  test.each<[string, object, string[]]>([
    ['Terminating', { activeDeadlineSeconds: 9 }, ['pods']],
    ['Terminating', {}, []],
    ['NotTerminating', {}, ['pods']],
    ['BestEffort', {}, []],
    ['BestEffort', { containers: [{ name: 'main' }] }, ['pods']],
    ['NotBestEffort', {}, ['pods']],
    ['PriorityClass', {}, []],
    ['PriorityClass', { priorityClassName: 'high' }, ['pods']],
    [
      'CrossNamespacePodAffinity',
      { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ namespaces: ['a'] }] } } },
      ['pods'],
    ],
  ])('with the scope %s counts a pod with %j: %j', (scope, spec, expected) => {
    expect(subjects(rules({ quotas: [quota({ pods: 0 }, [scope])] }), [pod({ ...podSpecOf(small), ...spec })])).toEqual(
      [expected],
    );
  });

  test.each<[string, object, object]>([
    [
      'Service',
      { type: 'NodePort', ports: [{}, {}] },
      { services: 1, 'services.nodeports': 2, 'services.loadbalancers': 0 },
    ],
    [
      'Service',
      { type: 'LoadBalancer', ports: [{}] },
      { services: 1, 'services.nodeports': 1, 'services.loadbalancers': 1 },
    ],
    [
      'Service',
      { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: [{}] },
      { 'services.nodeports': 0 },
    ],
    [
      'PersistentVolumeClaim',
      { storageClassName: 'gold', resources: { requests: { storage: '0.5' } } },
      { 'requests.storage': 1, 'gold.storageclass.storage.k8s.io/requests.storage': 1, persistentvolumeclaims: 1 },
    ],
    ['Secret', {}, { secrets: 1, 'count/secrets': 1 }],
  ])('counts of a %s %j %j', (kind, spec, used) => {
    const { usage } = admitAlone(NO_RULES, { apiVersion: 'v1', kind, metadata: { name: 'x' }, spec });
    expect(Object.fromEntries(usage)).toMatchObject(Object.fromEntries(amountsOf(used as Quantities)));
  });
});

describe('Pod Security', () => {
  const safe = {
    allowPrivilegeEscalation: false,
    runAsNonRoot: true,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  };
  const subjects = (level: NamespaceRules['podSecurity'], spec: object) =>
    refusal(rules({ podSecurity: level }), pod(spec))?.subjects ?? [];

  test('restricted wants what baseline does not', () => {
    const spec = { containers: [{ name: 'main' }] };
    expect(subjects('baseline', spec)).toEqual([]);
    expect(subjects('restricted', spec)).toEqual([
      'allowPrivilegeEscalation != false',
      'unrestricted capabilities',
      'runAsNonRoot != true',
      'seccompProfile',
    ]);
    expect(subjects('restricted', { containers: [{ name: 'main', securityContext: safe }] })).toEqual([]);
  });

  test('only privileged admits the microVM', () => {
    const spec = {
      containers: [{ name: 'firecracker-vm', securityContext: { capabilities: { add: ['NET_ADMIN'] } } }],
    };
    expect(subjects('privileged', spec)).toEqual([]);
    expect(subjects('baseline', spec)).toEqual(['non-default capabilities']);
  });
});

test('the verdict is of the first that refuses', () => {
  const given: NamespaceRules = {
    limitRanges: [[{ type: 'Container', max: { cpu: 1 } }]],
    quotas: [quota({ pods: 0 })],
    podSecurity: 'restricted',
    policies: [{ name: 'p', refusal: () => 'no' }],
  };
  const big = pod({ containers: [container('main', {}, { cpu: 2 })] });
  const order = [
    given,
    { ...given, limitRanges: [] },
    { ...given, limitRanges: [], podSecurity: 'privileged' as const },
    rules({ quotas: given.quotas }),
  ];
  expect(order.map((each) => admitAll(each, [big]).objects[0]?.refusal?.by)).toEqual([
    'LimitRanger',
    'PodSecurity',
    'ValidatingAdmissionPolicy',
    'ResourceQuota',
  ]);
});
