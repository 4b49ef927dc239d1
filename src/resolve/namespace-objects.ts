import { parseAllDocuments } from 'yaml';
import type { Manifest } from '@dozlab/charts/yaml';
import { quotaUsage } from '../admission/quota-usage';
import { deliveryOf } from '../manifests/deliveries';
import { renderShared, sharedParts } from '../manifests/render';
import { sum } from '../model/pod-requests';
import type { Namespace, Project } from '../model/project';
import { NO_USE, type OtherUse } from './quota-use';

/** Kubernetes creates them in every namespace. */
const EVERYWHERE: readonly Manifest[] = [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kube-root-ca.crt' } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } },
];

const IS_COUNT =
  /^(count\/.*|configmaps|replicationcontrollers|resourcequotas|secrets|services(\..*)?|persistentvolumeclaims)$/;

/** What objects of the project that are no session's manifests use of the quotas, by namespace. */
export class NamespaceObjects {
  private shared: readonly Manifest[] | undefined;

  constructor(private readonly project: Project) {}

  usedIn({ name, quota = {} }: Namespace): OtherUse {
    if (!Object.keys(quota).some((key) => IS_COUNT.test(key))) return NO_USE;
    this.shared ??= sharedObjects(this.project);
    const inside = this.shared.filter(({ metadata }) => metadata.namespace === name);
    // A quota does not refuse itself.
    const isQuota = ({ kind }: Manifest): boolean => kind === 'ResourceQuota';
    const others = inside.filter((object) => !isQuota(object));
    return {
      before: sum([...EVERYWHERE, ...inside.filter(isQuota)].map(quotaUsage)),
      applied: sum([...others, ...this.besideSessions(name)].map(quotaUsage)),
    };
  }

  /** Passwords, and the records of Helm: at least one for each release. */
  private besideSessions(namespace: string): Manifest[] {
    const sessions = this.project.sessions.filter((session) => session.namespace === namespace);
    const deliveries = new Map(this.project.cohorts.map((cohort) => [cohort.name, deliveryOf(cohort)]));
    const releases = sessions.filter(({ cohort }) => deliveries.get(cohort)?.usesHelm === true);
    const names = new Set([
      ...sessions.map(({ secret }) => secret.place.name),
      ...releases.map(({ id }) => `sh.helm.release.v1.${id}.v1`),
    ]);
    return [
      ...Array.from(names, (name) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name } })),
      ...releases.map(({ id }) => ({
        apiVersion: 'helm.toolkit.fluxcd.io/v2',
        kind: 'HelmRelease',
        metadata: { name: id },
      })),
    ];
  }
}

/** Objects that sessions share, such as namespaces, quotas and policies. */
export const sharedObjects = (project: Project): Manifest[] =>
  renderShared(sharedParts(project)).output.flatMap(({ content }) =>
    parseAllDocuments(content).flatMap((document) => {
      const object = document.toJS() as Manifest | null;
      return object?.metadata === undefined ? [] : [object];
    }),
  );
