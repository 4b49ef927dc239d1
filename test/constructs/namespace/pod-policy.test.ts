import { namesOf, specOf } from '../../support/manifests';
import { podPolicy } from '../../support/pod-policy';

const props = { name: 'lab-classroom', namespace: 'lab-classroom', images: ['busybox:1', 'example.com/team/*'] };

interface Policy {
  readonly failurePolicy: string;
  readonly matchConstraints: { readonly resourceRules: readonly object[] };
  readonly variables: readonly { readonly name: string; readonly expression: string }[];
  readonly validations: readonly {
    readonly expression: string;
    readonly message: string;
    readonly messageExpression?: string;
    readonly reason: string;
  }[];
}

const [policy, binding] = podPolicy(props);
const { failurePolicy, matchConstraints, variables, validations } = specOf<Policy>(policy);

/** The image literals of an expression. */
const literalsOf = (name: string): unknown[] =>
  [...(variables.find((variable) => variable.name === name)?.expression ?? '').matchAll(/\[[^[\]]*\]/g)].map(
    ([literal]) => JSON.parse(literal.replace(/,\n]$/, ']')) as unknown,
  );

it('is a policy and its binding to one namespace', () => {
  expect(namesOf([policy, binding])).toEqual([
    'ValidatingAdmissionPolicy/lab-classroom',
    'ValidatingAdmissionPolicyBinding/lab-classroom',
  ]);
  expect(specOf(binding)).toEqual({
    policyName: 'lab-classroom',
    validationActions: ['Deny'],
    matchResources: {
      matchPolicy: 'Equivalent',
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'lab-classroom' } },
      objectSelector: {},
    },
  });
});

it('checks pods, and rejects them when the API server cannot evaluate it', () => {
  expect(failurePolicy).toBe('Fail');
  expect(matchConstraints.resourceRules).toEqual([
    { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'], scope: '*' },
    {
      apiGroups: [''],
      apiVersions: ['v1'],
      operations: ['UPDATE'],
      resources: ['pods/ephemeralcontainers'],
      scope: '*',
    },
  ]);
});

it('distinguishes references from prefixes', () => {
  expect(literalsOf('otherImages')).toEqual([['busybox:1'], ['example.com/team/']]);
  expect(literalsOf('refusedImages')).toEqual([[], ['quay.io/jetstack/cert-manager-acmesolver:']]);
});

it('accepts other images of solvers instead of cert-manager images', () => {
  const [own] = podPolicy({ ...props, solverImages: ['example.com/solver:v1'] });
  expect(JSON.stringify(own)).toContain('example.com/solver:v1');
  expect(JSON.stringify(own)).not.toContain('quay.io');
});

it('rejects with status 403 and one line that names the namespace or the field, short enough for the API server', () => {
  for (const { reason, message } of validations) {
    expect(reason).toBe('Forbidden');
    expect(message).not.toContain('\n');
    expect(message.length).toBeLessThan(1024);
  }
  expect(validations.map(({ message }) => message).join(' ')).toContain('spec.infra.podPolicy.images of dozlab.yaml');
});

it.each<[string[] | undefined, string, string]>([
  [undefined, '["NET_ADMIN","SYS_ADMIN","SYS_RESOURCE"]', 'and only NET_ADMIN, SYS_ADMIN, SYS_RESOURCE'],
  [['NET_ADMIN'], '["NET_ADMIN"]', 'and only NET_ADMIN; against'],
  [[], '[]', 'no container of the namespace lab-classroom adds capabilities'],
])('admits the capabilities %j', (capabilities, list, said) => {
  const [own] = podPolicy({ ...props, ...(capabilities === undefined ? {} : { capabilities }) });
  const rule = specOf<Policy>(own).validations.at(-1);
  expect(rule?.expression).toContain(`capability in ${list}`);
  expect(rule?.message).toContain(said);
});

it('keeps text in images from being an expression', () => {
  const [odd] = podPolicy({ ...props, images: ['a"] || true || "b" in ["', 'c\\'] });
  const { variables: oddVariables } = specOf<Policy>(odd);
  const { expression = '' } = oddVariables.find(({ name }) => name === 'otherImages') ?? {};
  const [one, other] = [JSON.stringify('a"] || true || "b" in ["'), JSON.stringify('c\\')];
  expect(expression).toContain(`in [\n  ${one},\n  ${other},\n])`);
});
