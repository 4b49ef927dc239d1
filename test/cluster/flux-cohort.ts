import { cohort, session, type Files } from '../support/project';
import { kubectl } from './cluster';
import type { FluxProject } from './flux-project';
import type { LiveObject } from './kubectl';
import { podsOf } from './live-session';
import { reconcile, request } from './reconcile';

/** The deliveries of Flux. */
export const DELIVERIES = ['kustomize', 'helm'] as const;

export type Delivery = (typeof DELIVERIES)[number];

/** Files of several cohorts as one. */
export const together = (parts: readonly Files[]): Files =>
  Object.fromEntries(parts.flatMap((files) => Object.entries(files)));

/** A cohort of a project that Flux delivers, with its sessions in Git and in the cluster. */
export class FluxCohort<D extends Delivery | 'argocd' = Delivery> {
  /** @param name one that no other test has */
  constructor(
    readonly name: string,
    readonly delivery: D,
    private readonly spec: { readonly namespace?: string; readonly [key: string]: unknown } = {},
  ) {}

  get namespace(): string {
    return this.spec.namespace ?? `lab-${this.name}`;
  }

  /** The same cohort with more of its settings, or with others. */
  with<E extends Delivery | 'argocd' = D>(spec: {
    readonly name?: string;
    readonly delivery?: E;
    readonly [key: string]: unknown;
  }): FluxCohort<D | E> {
    const { name = this.name, delivery = this.delivery, ...more } = spec;
    return new FluxCohort<D | E>(name, delivery, { ...this.spec, ...more });
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

  /** Waits until all releases are as the cluster has them in their objects. */
  settle(): void {
    const releases = this.releases();
    if (releases.length > 0)
      kubectl.run(['wait', ...releases, '-n', this.namespace, '--for=condition=Ready', '--timeout=120s']);
  }

  /** Has Flux compare all that it has made with the cluster, as it does by itself after an interval, and put it back. */
  putBack(fleet: FluxProject): void {
    request(fleet.flux, `kustomization/lab-${this.name}`);
    request(this.namespace, ...this.releases());
    this.settle();
  }

  /** Has Flux look for another chart, as it does by itself after an interval. */
  lookForChart(): void {
    const name = `lab-session-${this.name}`;
    reconcile(this.namespace, `gitrepository/${name}`, `helmchart/${name}`);
    request(this.namespace, ...this.releases());
    this.settle();
  }

  /** Its HelmReleases that are to stay, such as helmrelease/lab-session-alice. */
  releases(): string[] {
    if (this.delivery !== 'helm') return [];
    return this.list('helmreleases')
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => `helmrelease/${metadata.name}`);
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
