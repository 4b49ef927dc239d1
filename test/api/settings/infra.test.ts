import { chartSettings } from '../../../src/api/settings/chart';
import { fluxSettings } from '../../../src/api/settings/flux';
import { infraSettings } from '../../../src/api/settings/infra';
import { nodeSettings } from '../../../src/api/settings/nodes';
import { valueAt } from '../../support/values';

const SCHEMAS = { infra: infraSettings, nodes: nodeSettings, flux: fluxSettings, chart: chartSettings };

/** Where settings are wrong: `path` of each problem. `/` stands between the keys of the given path. */
function problemsOf(path: string, value: unknown): string[] {
  const [part = '', ...steps] = path.split('/');
  const { error } = SCHEMAS[part as keyof typeof SCHEMAS].safeParse(valueAt(steps.join('.'), value));
  return Array.from(new Set((error?.issues ?? []).map((issue) => issue.path.join('/'))));
}

test.each([
  ['infra/quota/hard', { foo: 1 }],
  ['infra/quota/hard', { 'requests.gpu': 1 }],
  ['infra/quota/hard', { '': 1 }],
  ['infra/quota/hard', { pods: 1.5 }],
  ['infra/quota/hard', { 'requests.cpu': -1 }],
  ['infra/quota/hard', { 'requests.memory': '1GB' }],
  ['infra/quota/hard', ['pods']],
  ['infra/quota/preset', 'none'],
  ['infra/quota/lab', ''],
  ['infra/limitRange/defaultRequest', { 'requests.cpu': 1 }],
  ['infra/limitRange/max', { cpu: '5m' }],
  ['infra/limitRange/max', { pods: 1 }],
  ['infra/limitRange/max', { 'requests.example.com/gpu': 1 }],
  ['infra/podMonitor/port', '8081'],
  ['infra/podMonitor/port', 'a--b'],
  ['infra/podMonitor/interval', '5m1h'],
  ['infra/podMonitor/interval', ''],
  ['infra/podMonitor/path', 'metrics'],
  ['infra/podMonitor/namespace', 'monitoring.example'],
  ['infra/roles/sessionManager/namespace', 'a.b'],
  ['infra/roles/viewers/groups', ['']],
  ['infra/networkPolicy/ingressNamespaceLabels', { 'a b': 'c' }],
  ['nodes/devicePlugin/image', 'a b'],
  ['nodes/devicePlugin/count', 0],
  ['nodes/prePull/imagePullSecrets', ['one', 'one']],
  ['nodes/priorityClass/name', 'system-node-critical'],
  ['nodes/priorityClass/value', 1_000_000_001],
  ['flux/source/url', 'https://user:password@example.com/x'],
  ['flux/source/url', 'oci://example.com/x'],
  ['flux/source', { kind: 'OCIRepository', url: 'https://example.com/x' }],
  ['flux/source/path', '/etc'],
  ['flux/interval', '10'],
  ['flux/artifacts', {}],
  ['flux/artifacts', { url: 'https://registry.example.com/labs' }],
  ['flux/artifacts', { url: 'oci://registry.example.com' }],
  ['flux/artifacts', { url: 'oci://registry.example.com/Labs' }],
  ['flux/artifacts', { url: 'oci://registry.example.com/labs/' }],
  ['flux/artifacts', { url: 'oci://registry.example.com/labs:latest' }],
  ['flux/artifacts', { url: 'oci://user:password@registry.example.com/labs' }],
  ['flux/artifacts', { url: 'oci://registry.example.com/labs', tag: 'a/b' }],
  ['flux/shards', ['one', 'one']],
  ['flux/shards', ['One']],
  ['chart/version', 'latest'],
  ['chart/oci', {}],
  ['chart/oci', { url: 'https://example.com/x' }],
])('%s: %j is refused, at one place', (path, value) => {
  const problems = problemsOf(path, value);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.startsWith(path.split('/').slice(1, 2).join('/'))).toBe(true);
});

test.each([
  ['infra/quota/hard', { 'requests.example.com/GPU': 1, 'count/jobs.batch': 4, services: 0 }],
  ['infra/limitRange/defaultRequest', {}],
  ['infra/limitRange/max', { cpu: '10m', memory: '1Gi', 'devices.kubevirt.io/kvm': 1 }],
  ['infra/podMonitor/interval', '1h30m10s5ms'],
  ['infra/podPolicy/images', []],
  ['infra/podPolicy/images', ['*', '*']],
  ['nodes/priorityClass/value', -2_000_000_000],
  ['flux/source', { kind: 'OCIRepository', url: 'oci://registry.example.com/labs' }],
  ['flux/source/url', 'ssh://git@example.com/labs'],
  ['flux/artifacts', { url: 'oci://registry.example.com:5000/my-labs/2027__a', tag: 'v1.0', secretRef: 'registry' }],
  ['flux/shards', ['one', 'two']],
  ['chart/oci', { url: 'oci://registry.example.com/charts/lab-session' }],
])('%s: %j is accepted', (path, value) => {
  expect(problemsOf(path, value)).toEqual([]);
});
