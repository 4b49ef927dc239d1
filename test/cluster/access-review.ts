import { kubectl } from './cluster';

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];

/** What a service account is asked to do: a verb on a resource, such as `pods/exec` or `deployments.apps`. */
interface Question {
  readonly verb: string;
  readonly resource: string;
}

/**
 * What a service account may do in a namespace, by resource: the verbs, with spaces between. The API server itself decides
 * (Kubernetes, "Checking API access").
 */
export function allowedIn(namespace: string, user: string, resources: readonly string[]): Record<string, string> {
  const questions = resources.flatMap((resource) => VERBS.map((verb): Question => ({ verb, resource })));
  const items = questions.map((question) => reviewOf(namespace, user, question));
  const printed = kubectl.run(
    ['create', '-f', '-', '-o', 'jsonpath={.status.allowed}{"\\n"}'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  );
  const answers = printed.trim().split('\n');
  expect(answers).toHaveLength(questions.length);
  const allowed: Record<string, string> = {};
  questions.forEach(({ verb, resource }, index) => {
    if (answers[index] === 'true') allowed[resource] = [allowed[resource] ?? [], verb].flat().join(' ');
  });
  return allowed;
}

function reviewOf(namespace: string, user: string, { verb, resource }: Question) {
  const [kind = '', subresource = ''] = resource.split('/');
  const [plural = '', ...group] = kind.split('.');
  return {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      user,
      groups: ['system:authenticated', 'system:serviceaccounts', `system:serviceaccounts:${user.split(':')[2] ?? ''}`],
      resourceAttributes: { namespace, verb, group: group.join('.'), resource: plural, subresource },
    },
  };
}
