import type { RoleName, Rule } from '../support/roles';
import { kubectl } from './cluster';
import { textOf } from './kubectl';
import { RunningKubectl } from './running-kubectl';

/** Somebody that the admin acts as (Kubernetes, "User impersonation"). */
export class Impersonated {
  private readonly options: readonly string[];

  private constructor(user: string, ...groups: string[]) {
    this.options = [`--as=${user}`, ...groups.map((group) => `--as-group=${group}`)];
  }

  static inGroup(group: string): Impersonated {
    return new Impersonated('somebody', group);
  }

  static asAccount(name: string, namespace: string): Impersonated {
    return new Impersonated(`system:serviceaccount:${namespace}:${name}`);
  }

  /** Runs kubectl. Throws what it says when it fails. */
  run(args: readonly string[], input = ''): string {
    return kubectl.run([...this.options, ...args], input);
  }

  /** What kubectl has to say against it; nothing when it succeeds. */
  refusal(...args: string[]): string {
    return kubectl.ask([...this.options, ...args], '').refusals.join('\n');
  }

  /** What is said against making an object, of which nothing is kept. */
  refusalOf(object: object): string {
    return kubectl
      .ask([...this.options, 'create', '--dry-run=server', '--validate=false', '-f', '-'], textOf([object]))
      .refusals.join('\n');
  }

  /** All rules that hold for this user in a namespace, as far as they are about objects. */
  rulesIn(namespace: string): Rule[] {
    const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } };
    const printed = this.run(['create', '--validate=false', '-o', 'json', '-f', '-'], JSON.stringify(review));
    const { status } = JSON.parse(printed) as {
      readonly status: { readonly incomplete: boolean; readonly resourceRules: Rule[] };
    };
    if (status.incomplete) throw new Error('not all rules are known');
    return status.resourceRules;
  }

  /** kubectl that goes on until it is ended. */
  start(...args: string[]): RunningKubectl {
    return new RunningKubectl([`--kubeconfig=${process.env['KUBECONFIG'] ?? ''}`, ...this.options, ...args]);
  }
}

/** Who has a role in a namespace: a group of people or a service account, of the same name. */
export const holderOf = (role: RoleName, namespace: string): Impersonated =>
  role === 'manager' || role === 'flux'
    ? Impersonated.asAccount(role, namespace)
    : Impersonated.inGroup(`${namespace}-${role}`);
