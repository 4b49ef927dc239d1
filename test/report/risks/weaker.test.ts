import type { Manifest } from '@dozlab/charts/yaml';
import { objectPrivileges } from '../../../src/report/changes/privileges';
import { addsTraffic, allowsMore } from '../../../src/report/risks/network-rules';
import { weakerIn } from '../../../src/report/risks/weaker';

const DENY = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] };
const WEB = { ports: [{ port: 80 }], from: [{ podSelector: { matchLabels: { a: 'b' } } }] };
const range = (...except: string[]) => ({ to: [{ ipBlock: { cidr: '0.0.0.0/0', except } }] });

test.each<[string, object, object, boolean]>([
  ['a rule', DENY, { ...DENY, ingress: [WEB] }, true],
  ['a rule less', { ...DENY, ingress: [WEB] }, DENY, false],
  ['all ports', { ...DENY, ingress: [WEB] }, { ...DENY, ingress: [{ from: WEB.from }] }, true],
  ['fewer ports', { ...DENY, ingress: [{ from: WEB.from }] }, { ...DENY, ingress: [WEB] }, false],
  ['all peers', { ...DENY, ingress: [WEB] }, { ...DENY, ingress: [{ ports: WEB.ports }] }, true],
  ['a type less', DENY, { ...DENY, policyTypes: ['Ingress'] }, true],
  ['no types, which leaves ingress', DENY, { podSelector: {} }, true],
  ['other pods', DENY, { ...DENY, podSelector: { matchLabels: { a: 'b' } } }, true],
  ['fewer blocked addresses', { ...DENY, egress: [range('10.0.0.0/8')] }, { ...DENY, egress: [range()] }, true],
  ['more blocked addresses', { ...DENY, egress: [range()] }, { ...DENY, egress: [range('10.0.0.0/8')] }, false],
])('a NetworkPolicy with %s', (_, before, after, expected) => {
  expect(allowsMore({ spec: before }, { spec: after })).toBe(expected);
});

const manifest = (kind: string, spec: object, labels: Record<string, string> = {}): Manifest => ({ apiVersion: 'v1', kind, metadata: { name: 'x', ...{ labels } }, spec }); // prettier-ignore
const level = (enforce: string) => manifest('Namespace', {}, { 'pod-security.kubernetes.io/enforce': enforce });
const policy = (...expressions: string[]) => manifest('ValidatingAdmissionPolicy', { failurePolicy: 'Fail', validations: expressions.map((expression) => ({ expression })) }); // prettier-ignore
const binding = (action: string) => manifest('ValidatingAdmissionPolicyBinding', { policyName: 'x', validationActions: [action] }); // prettier-ignore
const account = (name?: string) => manifest('Kustomization', name === undefined ? {} : { serviceAccountName: name });
const NGINX = 'nginx.ingress.kubernetes.io';
const ingress = (annotations: Record<string, string>, tls: string[] = []): Manifest => {
  const object = manifest('Ingress', { rules: [{ host: 'a.example.com' }], tls: [{ hosts: tls }] });
  return { ...object, metadata: { ...object.metadata, ...{ annotations } } };
};
const annotated = (annotations: Record<string, string>): Manifest => {
  const object = manifest('Service', {});
  return { ...object, metadata: { ...object.metadata, ...{ annotations } } };
};
const verified = (verify?: object) => manifest('OCIRepository', verify === undefined ? {} : { verify });

test.each<[string, Manifest, Manifest, string[]]>([
  [
    'a lower Pod Security level',
    level('restricted'),
    level('baseline'),
    ['Pod Security enforce restricted → baseline'],
  ],
  [
    'no Pod Security level',
    level('baseline'),
    manifest('Namespace', {}),
    ['Pod Security enforce baseline → privileged'],
  ],
  ['a higher level', level('baseline'), level('restricted'), []],
  ['a rule less', policy('a', 'b'), policy('a'), ['has other rules']],
  ['a rule more', policy('a'), policy('a', 'b'), []],
  ['other capabilities', policy('x || capability in ["A_B","C"]'), policy('x || capability in []'), []],
  ['another rule about capabilities', policy('x || capability in ["A"]'), policy('true || capability in ["A"]'), ['has other rules']], // prettier-ignore
  ['a binding that only warns', binding('Deny'), binding('Warn'), ['no longer denies what it denied']],
  ['a binding that denies', binding('Warn'), binding('Deny'), []],
  ['no account of Flux', account('a'), account(), ['applies with the rights of Flux']],
  ['another account', account('a'), account('b'), ['applies as b']],
  ['the first account', account(), account('a'), []],
  ['another Argo CD project', manifest('Application', { project: 'a' }), manifest('Application', { project: 'b' }), ['is in the project b']], // prettier-ignore
  ['more destinations', manifest('AppProject', { destinations: [] }), manifest('AppProject', { destinations: [{ namespace: '*' }] }), ['allows more destinations']], // prettier-ignore
  ['a shorter blacklist', manifest('AppProject', { clusterResourceBlacklist: [{ kind: '*' }] }), manifest('AppProject', {}), ['denies less by clusterResourceBlacklist']], // prettier-ignore
  ['a source without TLS', manifest('OCIRepository', {}), manifest('OCIRepository', { insecure: true }), ['is read without TLS']], // prettier-ignore
  ['another folder', manifest('Kustomization', { path: './a' }), manifest('Kustomization', { path: './b' }), ['applies ./b']], // prettier-ignore
  ['no removal', manifest('Kustomization', { prune: true }), manifest('Kustomization', { prune: false }), ['no longer deletes what is removed']], // prettier-ignore
  ['a pause', manifest('Kustomization', {}), manifest('Kustomization', { suspend: true }), ['is suspended']],
  ['no sandbox', manifest('Pod', { runtimeClassName: 'kata' }), manifest('Pod', {}), ['no longer runs in the runtime class kata']], // prettier-ignore
  ['the first sandbox', manifest('Pod', {}), manifest('Pod', { runtimeClassName: 'kata' }), []],
  ['no TLS', ingress({}, ['a.example.com']), ingress({}), ['a.example.com has no TLS']],
  ['TLS', ingress({}), ingress({}, ['a.example.com']), []],
  ['no allowed addresses', ingress({ [`${NGINX}/whitelist-source-range`]: '10.0.0.0/8' }), ingress({}), [`no longer has ${NGINX}/whitelist-source-range`]], // prettier-ignore
  ['other allowed addresses', ingress({ [`${NGINX}/whitelist-source-range`]: '10.0.0.0/8' }), ingress({ [`${NGINX}/whitelist-source-range`]: '0.0.0.0/0' }), [`has another ${NGINX}/whitelist-source-range`]], // prettier-ignore
  ['no login', ingress({ [`${NGINX}/auth-url`]: 'https://login.example.com' }), ingress({}), [`no longer has ${NGINX}/auth-url`]], // prettier-ignore
  ['a snippet', ingress({}), ingress({ [`${NGINX}/configuration-snippet`]: 'x' }), [`configures the controller by ${NGINX}/configuration-snippet`]], // prettier-ignore
  ['another body size', ingress({}), ingress({ [`${NGINX}/proxy-body-size`]: '1g' }), []],
  ['an object that Flux leaves', annotated({}), annotated({ 'kustomize.toolkit.fluxcd.io/prune': 'disabled' }), ['stays after its removal']], // prettier-ignore
  ['an object that Flux leaves out', annotated({}), annotated({ 'kustomize.toolkit.fluxcd.io/reconcile': 'disabled' }), ['is no longer updated']], // prettier-ignore
  ['no check of signatures', verified({ provider: 'cosign' }), verified(), ['no longer checks the same signature']],
])('weakerIn finds %s', (_, before, after, expected) => {
  expect(weakerIn(before, after)).toEqual(expected);
});

test('a new NetworkPolicy allows more beside one that isolates its pods', () => {
  const open = { spec: { ...DENY, ingress: [WEB] } };
  expect(addsTraffic([{ spec: DENY }], open)).toBe(true);
  expect(addsTraffic([{ spec: DENY }], { spec: DENY })).toBe(false);
  expect(addsTraffic([], open)).toBe(false);
  expect(addsTraffic([{ spec: { podSelector: {}, policyTypes: ['Egress'] } }], open)).toBe(false);
});

test('a priority that evicts other pods is a privilege', () => {
  const of = (more: object): string[] =>
    objectPrivileges({ kind: 'PriorityClass', name: 'x' }, { ...manifest('PriorityClass', {}), value: 7, ...more });
  expect(of({})).toEqual(['PriorityClass x: priority 7, evicts pods of lower priority']);
  expect(of({ preemptionPolicy: 'Never' })).toEqual(['PriorityClass x: priority 7']);
});

test('privileges of roles name API groups, and subjects their namespace', () => {
  const role = { ...manifest('Role', {}), rules: [{ apiGroups: ['', '*'], resources: ['pods'], verbs: ['get'] }] };
  expect(objectPrivileges({ kind: 'Role', name: 'x' }, role)).toEqual(['Role x: get pods, pods.*']);
  const bound = { ...manifest('RoleBinding', {}), roleRef: { kind: 'Role', name: 'r' }, subjects: [{ kind: 'ServiceAccount', name: 's', namespace: 'n' }] }; // prettier-ignore
  expect(objectPrivileges({ kind: 'RoleBinding', name: 'x' }, bound)).toEqual([
    'RoleBinding x: ServiceAccount n/s has Role r',
  ]);
});
