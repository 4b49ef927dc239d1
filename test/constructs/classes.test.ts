import { Chart, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

/** The reasons of docs/charts.md for generated classes. When one of these tests fails, use the class of cdk8s-plus-28. */

const metadata = { name: 'a' };
const firstOf = (make: (scope: Construct) => unknown): Record<string, unknown> => {
  const chart = Testing.chart();
  make(chart);
  return (Testing.synth(chart) as Record<string, unknown>[])[0] ?? {};
};

test.each<[string, (scope: Construct) => unknown, object]>([
  ['Namespace adds a spec', (scope) => new kplus.Namespace(scope, 'x', { metadata }), { spec: {} }],
  [
    'ServiceAccount adds automountServiceAccountToken',
    (scope) => new kplus.ServiceAccount(scope, 'x', { metadata }),
    { automountServiceAccountToken: false },
  ],
  [
    'Role writes a rule for each resource',
    (scope) =>
      new kplus.Role(scope, 'x', {
        metadata,
        rules: [{ verbs: ['get'], resources: [kplus.ApiResource.PODS, kplus.ApiResource.SECRETS] }],
      }),
    { rules: [{ resources: ['pods'] }, { resources: ['secrets'] }] },
  ],
  [
    'NetworkPolicy writes a rule for each peer',
    (scope) =>
      new kplus.NetworkPolicy(scope, 'x', {
        metadata,
        egress: {
          rules: ['1.0.0.0/8', '2.0.0.0/8'].map((range) => ({
            peer: kplus.NetworkPolicyIpBlock.ipv4(scope, range.slice(0, 1), range),
          })),
        },
      }),
    { spec: { egress: [{ to: [{}] }, { to: [{}] }] } },
  ],
  ['ConfigMap adds immutable', (scope) => new kplus.ConfigMap(scope, 'x', { metadata }), { immutable: false }],
  ['Secret adds immutable', (scope) => new kplus.Secret(scope, 'x', { metadata }), { immutable: false }],
  [
    'DaemonSet adds a security context',
    (scope) => new kplus.DaemonSet(scope, 'x', { metadata, containers: [{ image: 'a' }] }),
    { spec: { minReadySeconds: 0, template: { spec: { securityContext: { runAsNonRoot: true } } } } },
  ],
])('%s', (_, make, fields) => {
  expect(firstOf(make)).toMatchObject(fields);
});

test('a subject of RoleBinding that is a ServiceAccount has an empty apiGroup', () => {
  const chart = new Chart(Testing.app(), 'c');
  const role = kplus.Role.fromRoleName(chart, 'role', 'a');
  const account = kplus.ServiceAccount.fromServiceAccountName(chart, 'account', 'b');
  new kplus.RoleBinding(chart, 'binding', { metadata, role }).addSubjects(account);
  expect(Testing.synth(chart)).toMatchObject([{ subjects: [{ kind: 'ServiceAccount', apiGroup: '' }] }]);
});
