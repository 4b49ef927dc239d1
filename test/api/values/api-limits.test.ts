import { requirementsOf } from '../../../src/resolve/checks/requirements';
import { toYaml } from '@dozlab/charts/yaml';
import { hasAuthentication } from '../../../src/api/values/names';
import { parseValues } from '../../../src/api/values/check';
import type { Mapping } from '@dozlab/charts/schema';
import { completeValues, problemsWith, valuesWith } from '../../support/values';

const errors = (over: Mapping): string[] =>
  problemsWith(over)
    .filter(({ severity }) => severity === 'error')
    .map(({ path }) => path.join('.'));
const long = (count: number): string => 'a'.repeat(count);
const ingress = (over: Mapping): Mapping => ({ ingress: { enabled: true, vscode: { host: 'a.b' }, ...over } });
const route = (over: Mapping): Mapping => ({
  httpRoute: { enabled: true, parentRefs: [{ name: 'g' }], vscode: { host: 'a.b' }, ...over },
});
const header = (over: Mapping): Mapping =>
  route({ vscode: { host: 'a.b', filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier: over }] } });

it.each<[string, Mapping]>([
  ['a label prefix of 254 characters', { labels: { [`${long(254)}/x`]: 'v' } }],
  ['a device in no domain', { firecracker: { devices: { kvm: 'a..b/kvm' } } }],
  [
    'an extended resource with a prefix of 250 characters',
    { terminal: { resources: { limits: { [`${long(250)}/x`]: 1 } } } },
  ],
  ['huge pages that are not whole pages', { terminal: { resources: { limits: { 'hugepages-2Mi': '3Mi' } } } }],
  ['an address as the host of an Ingress', ingress({ vscode: { host: '10.0.0.1' } })],
  [
    'annotations of an Ingress above 256 KiB',
    ingress({ annotations: { a: long(131072), b: long(131072), c: long(131072) } }),
  ],
  ['a path with half an escape', route({ vscode: { host: 'a.b', path: '/100%' } })],
  ['the same Gateway twice', route({ parentRefs: [{ name: 'g' }, { name: 'g' }] })],
  [
    'the same Gateway with and without a section',
    route({ parentRefs: [{ name: 'g' }, { name: 'g', sectionName: 'x' }] }),
  ],
  [
    'a header twice',
    header({
      set: [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ],
    }),
  ],
  ['a header removed twice', header({ remove: ['A', 'A'] })],
  ['a pull secret twice', { imagePullSecrets: [{ name: 'a' }, { name: 'a' }] }],
  ['all addresses blocked', { networkPolicy: { blockedRanges: ['0.0.0.0/0'] } }],
  ['a key of two dots', { codeServer: { existingSecret: 'a', existingSecretKey: '..' } }],
  [
    'a key of two dots in a variable',
    { terminal: { extraEnv: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'a', key: '..x' } } }] } },
  ],
])('refused: %s', (_, over) => {
  expect(errors(over)).not.toEqual([]);
});

it('the longest id may have an Ingress', () => {
  expect(errors({ ...ingress({}), session: { id: long(51), userId: 'u' } })).toEqual([]);
});

it.each<Mapping>([
  { labels: { constructor: 'x' } },
  { annotations: { constructor: 'x' } },
  { podLabels: { constructor: 'x' } },
])('%j is refused, as cdk8s cannot render it', (over) => {
  expect(errors(over)).toEqual([`${Object.keys(over)[0] ?? ''}.constructor`]);
});

it('a resource called constructor is an error, not a crash', () => {
  expect(errors({ terminal: { resources: { requests: { constructor: '1' } } } })).toEqual([
    'terminal.resources.requests.constructor',
  ]);
});

it.each([
  'example.com/author',
  'x.io/authority',
  'nginx.ingress.kubernetes.io/auth-response-headers',
  'nginx.ingress.kubernetes.io/auth-cache-key',
])('%s asks for no login', (name) => {
  expect(hasAuthentication({ [name]: 'x' })).toBe(false);
});

it.each<Mapping>([
  { firecracker: { vm: { cpuCount: 'two' } } },
  { session: { id: `${long(60)}A`, userId: 'u' } },
  { networkPolicy: { blockedRanges: ['10.0.0.0'] } },
])('%j is one error', (over) => {
  const message = (() => {
    try {
      parseValues(valuesWith(over));
      return '';
    } catch (error) {
      return String(error);
    }
  })();
  expect(message.split('\n')).toHaveLength(2);
});

it.each(['e3', 'E-9'])('%j is in quotes', (text) => {
  expect(toYaml([{ apiVersion: 'v1', kind: 'C', metadata: { name: text } }])).toContain(`"${text}"`);
});

const needs = (over: Mapping): string[] =>
  requirementsOf({ id: 'a', cohort: 'c', namespace: 'n', values: completeValues(over) }).map(
    ({ kind, name }) => `${kind}/${name}`,
  );

it('routes that are not made need nothing', () => {
  expect(needs(ingress({ terminal: { host: 't.b' } }))).not.toContain('Secret/alice-001-terminal-tls');
  expect(needs(route({ vscode: {}, terminal: { host: 't.b' } }))).not.toContain('Gateway/g');
});
it('an issuer in an annotation is needed, and its certificate is not', () => {
  const found = needs(ingress({ annotations: { 'cert-manager.io/cluster-issuer': 'le' } }));
  expect(found).toContain('ClusterIssuer/le');
  expect(found).not.toContain('Secret/alice-001-vscode-tls');
});
