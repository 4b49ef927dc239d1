import { join } from 'node:path';
import { type Mapping, mergeTrees } from '@dozlab/charts/schema';
import { execBackendFiles } from '../support/exec-backend';
import { projectWith } from '../support/project';
import { kubectl, removeAtEnd, uniqueName, waitForServiceAccount } from './cluster';

/** The exec backend in a namespace of this test file, as `kubectl apply -k` brings it into the cluster. */
export class ExecBackend {
  readonly namespace: string;

  constructor(
    name: string,
    private readonly settings: Mapping = {},
  ) {
    this.namespace = uniqueName(`dozlab-test-${name}`);
    removeAtEnd('namespace', this.namespace);
    this.apply();
    waitForServiceAccount(this.namespace);
  }

  /** The service account of the server, as the API server names it. */
  get user(): string {
    return `system:serviceaccount:${this.namespace}:execbox`;
  }

  /** Applies the written files, with other settings if they are given. A warning is an error. Gives what kubectl printed. */
  apply(over: Mapping = {}): string {
    const settings = mergeTrees({ namespace: this.namespace, ...this.settings }, over);
    const folder = projectWith(execBackendFiles(settings));
    return kubectl.run(['apply', '--warnings-as-errors', '-k', join(folder, 'exec-backend')]);
  }

  /** Runs kubectl in the namespace, as its administrator. */
  run(args: readonly string[], input?: string): string {
    return kubectl.run(['-n', this.namespace, ...args], input);
  }

  /** Runs kubectl in the namespace with the rights of the server alone. */
  runAsServer(args: readonly string[], input?: string): string {
    return this.run([`--as=${this.user}`, ...args], input);
  }

  /** Makes a pod as the server does. */
  createPod(name: string, spec: Mapping = {}, container: Mapping = {}): void {
    this.runAsServer(['create', '-f', '-'], JSON.stringify(pod(name, spec, container)));
  }

  /** Makes a pod and waits until it runs. */
  startPod(name: string): void {
    this.createPod(name);
    this.run(['wait', '--for=condition=Ready', `pod/${name}`, '--timeout=120s']);
  }
}

/** A pod with one container, `main`, that says nothing of resources. */
const pod = (name: string, spec: Mapping, container: Mapping) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { restartPolicy: 'Never', ...spec, containers: [{ name: 'main', image: 'alpine', ...container }] },
});
