import { cohort, session, type Files } from '../support/project';
import { kubectl, uniqueName } from './cluster';
import type { FluxProject } from './flux-project';
import type { LiveObject } from './kubectl';
import { podsOf } from './live-session';
import { reconcile, request } from './reconcile';

export type Delivery = 'kustomize' | 'helm';

export const DELIVERIES: readonly Delivery[] = ['kustomize', 'helm'];

/** A cohort of a project that Flux delivers, with its sessions in Git and in the cluster. */
export class FluxCohort {
  readonly name: string;
  readonly namespace: string;

  constructor(
    name: string,
    readonly delivery: Delivery,
    private readonly spec: object = {},
  ) {
    this.name = uniqueName(name);
    this.namespace = `lab-${this.name}`;
  }

  /** Its files: that of the cohort, and those of sessions. */
  files(sessions: Readonly<Record<string, object>> = {}): Files {
    return {
      [`${this.folder}/cohort.yaml`]: cohort(this.name, { delivery: this.delivery, ...this.spec }),
      ...Object.fromEntries(Object.entries(sessions).map(([id, spec]) => [this.file(id), session(id, spec)])),
    };
  }

  get folder(): string {
    return `sessions/${this.name}`;
  }

  file(id: string): string {
    return `${this.folder}/${id}.yaml`;
  }

  /** Pushes the project, and waits until Flux has done what that takes for this cohort, with each of its releases. */
  deliver(fleet: FluxProject): void {
    fleet.deliver(this.name);
    this.settle();
  }

  /** Has Flux look at chart and releases, as it does by itself after their intervals, and waits until all are Ready. */
  settle(): void {
    const chart = `lab-session-${this.name}`;
    if (this.delivery === 'kustomize') return;
    reconcile(this.namespace, `gitrepository/${chart}`, `helmchart/${chart}`);
    const releases = this.releases();
    request(this.namespace, ...releases);
    for (const release of releases)
      kubectl.run(['wait', release, '-n', this.namespace, '--for=condition=Ready', '--timeout=60s']);
  }

  /** Its HelmReleases, such as helmrelease/lab-session-alice. */
  releases(): string[] {
    return this.list('helmreleases').map(({ metadata }) => `helmrelease/${metadata.name}`);
  }

  /** The ids of a session's pods. */
  pods(id: string): string[] {
    return podsOf(this.namespace, id);
  }

  deployment(id: string): LiveObject {
    return kubectl.get('deployment', `lab-session-${id}`, '-n', this.namespace);
  }

  /** How many replicas a session is to have, and how many pods there are. */
  replicas(id: string): readonly [wanted: unknown, pods: number] {
    const { replicas } = this.deployment(id)['spec'] as { replicas?: number };
    return [replicas, this.pods(id).length];
  }

  scale(id: string, replicas: number): void {
    kubectl.run(['scale', `deployment/lab-session-${id}`, '-n', this.namespace, `--replicas=${String(replicas)}`]);
  }

  list(kinds: string, ...options: string[]): LiveObject[] {
    return kubectl.list(kinds, '-n', this.namespace, ...options);
  }
}
