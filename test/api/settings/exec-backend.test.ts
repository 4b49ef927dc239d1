import { execBackendSettings } from '../../../src/api/settings/exec-backend';
import { execBackendWith } from '../../support/exec-backend';
import { valueAt } from '../../support/values';

/** Where settings are wrong and what would be right: `path: accepted form`. */
const problemsOf = (path: string, value: unknown): string[] => {
  const { error } = execBackendSettings.safeParse(valueAt(path.replaceAll('/', '.'), value));
  return (error?.issues ?? []).map((issue) => `${issue.path.join('/')}: ${issue.message}`);
};

test('the defaults are those of the document', () => {
  expect(execBackendWith()).toMatchObject({
    namespace: 'execbox',
    serviceAccountName: 'execbox',
    permissions: 'full',
    registry: 'ttl.sh',
    imageTtl: '4h',
    port: 28080,
    logLevel: 'info',
    quota: { enabled: true },
    isolation: { enabled: true, registryPorts: [443] },
  });
});

test.each([
  'ttl.sh',
  'docker.io',
  'registry.example.com/myorg',
  'registry.example.com:5000/my-org/team_a',
  'localhost:5000',
  'registry:65535',
  '123456789012.dkr.ecr.eu-central-1.amazonaws.com',
])('%s is a registry', (registry) => {
  expect(problemsOf('registry', registry)).toEqual([]);
});

test.each([
  'https://registry.example.com',
  'user:password@registry.example.com',
  'user@registry.example.com',
  'myorg', // Docker takes it for a path on Docker Hub.
  'registry.example.com:0',
  'registry.example.com:65536',
  'registry.example.com/',
  'registry.example.com/My-Org',
  'registry.example.com?token=secret',
  'registry.example.com/image:tag',
  '',
])('%j is no registry', (registry) => {
  expect(problemsOf('registry', registry)).toEqual([
    'registry: a registry as host[:port][/path], such as ttl.sh or registry.example.com/team, without scheme, user or password',
  ]);
});

test.each([
  ['namespace', 'kube-system'],
  ['namespace', 'default'],
  ['namespace', 'Execbox'],
  ['serviceAccountName', 'default'],
  ['permissions', 'all'],
  ['imageTtl', 'latest'],
  ['imageTtl', '0h'],
  ['port', 0],
  ['logLevel', 'trace'],
  ['imagePullSecrets', ['regcred']],
  ['quota/hard', { 'requests.gpus': 1 }],
  ['quota/hard', { pods: '-1' }],
  ['quota/hard', { pods: '1500m' }],
  ['limitRange/defaultRequest/cpu', '2'],
  ['limitRange/default/memory', '64Mi'],
  ['isolation/registryRanges', ['10.0.0.1/8']],
  ['isolation/registryPorts', []],
  ['isolation/blockedRanges', ['0.0.0.0/0']],
  ['password', 'secret'],
  ['databaseUrl', 'postgresql://localhost/execbox'],
])('%s: %j is refused', (path, value) => {
  expect(problemsOf(path, value)).toHaveLength(1);
});

test.each([
  [
    'quota/hard',
    { 'count/jobs.batch': 4, 'requests.nvidia.com/gpu': 1, 'gold.storageclass.storage.k8s.io/requests.storage': '5Gi' },
  ],
  ['quota/hard', { cpu: '500m', memory: '1Gi', services: 0, 'services.loadbalancers': '0' }],
  ['limitRange/default/cpu', 0.1],
  ['imageTtl', '7d'],
  ['imagePullSecrets', [{ name: 'regcred' }]],
])('%s: %j is accepted', (path, value) => {
  expect(problemsOf(path, value)).toEqual([]);
});

test('a request above its limit is told where it stands', () => {
  expect(problemsOf('limitRange/defaultRequest/memory', '1Gi')).toEqual([
    'limitRange/defaultRequest/memory: at most limitRange.default.memory, 512Mi',
  ]);
});
