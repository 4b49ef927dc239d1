import { setTimeout as sleep } from 'node:timers/promises';
import { podPolicy } from '../support/pod-policy';
import { kubectl, removeAtEnd } from './cluster';
import { textOf } from './kubectl';

/** The policy of a namespace's pods, in the cluster until the tests of the file are done. */
export class EnforcedPolicy {
  constructor(private readonly namespace: string) {
    removeAtEnd('validatingadmissionpolicybinding', namespace);
    removeAtEnd('validatingadmissionpolicy', namespace);
  }

  /** Sets the images and capabilities that are admitted, and waits until the API server goes by them: it takes a moment to see a policy. */
  async enforce(images: readonly string[], capabilities?: readonly string[]): Promise<void> {
    const name = this.namespace;
    // An image that no other policy of this namespace has shows which of them is enforced.
    const marker = `example.com/policy:${String(Date.now())}`;
    const probe = (image: string) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'probe', namespace: name, labels: { 'dozlab.io/pre-pull': 'probe' } },
      spec: { automountServiceAccountToken: false, containers: [{ name: 'probe', image }] },
    });
    const own = capabilities === undefined ? {} : { capabilities };
    kubectl.apply([...podPolicy({ name, namespace: name, images: [marker, ...images], ...own })]);
    const isEnforced = (): boolean =>
      this.refusal(probe(marker)) === '' && this.refusal(probe('example.com/no')) !== '';
    for (let tries = 0; !isEnforced(); tries++) {
      if (tries > 100) throw new Error(`the policy of ${name} is not enforced`);
      await sleep(200);
    }
  }

  /** What the API server says against making an object; nothing when it takes it. Nothing is kept. */
  refusal(object: object): string {
    return kubectl.ask(['create', '--dry-run=server', '-f', '-'], textOf([object])).refusals.join('\n');
  }

  /** What the API server has to say of the types in the expressions. */
  warnings(): unknown[] {
    const name = `validatingadmissionpolicy/${this.namespace}`;
    const { metadata } = kubectl.get(name);
    kubectl.run(['wait', name, `--for=jsonpath={.status.observedGeneration}=${String(metadata.generation)}`]);
    const { typeChecking } = kubectl.get(name)['status'] as {
      readonly typeChecking?: { readonly expressionWarnings?: unknown[] };
    };
    return typeChecking?.expressionWarnings ?? [];
  }
}
