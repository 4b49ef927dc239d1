import { Construct } from 'constructs';
import {
  Kustomization,
  KustomizationSpecDecryptionProvider,
  KustomizationSpecSourceRefKind,
} from '../../imports/kustomize.toolkit.fluxcd.io';

export interface CohortKustomizationProps {
  /** Name of the cohort. */
  readonly cohort: string;
  /** Folder of the repository with the manifests of its sessions, such as `./dist/sessions/classroom`. */
  readonly path: string;
  /** Secret in Flux's namespace with the key that encrypted manifests open with; none are there when it is not given. */
  readonly decryptionSecret?: string;
}

/** Where Flux's own objects are, and the GitRepository of the project's repository. */
export const FLUX_NAMESPACE = 'flux-system';
export const FLUX_SOURCE = 'dozlab-infra';

/**
 * Flux's Kustomization of a cohort (Flux, "Kustomization"): it applies the manifests of its sessions, and removes what is no longer there.
 * It does not wait for sessions: one that cannot start would hold up all others.
 */
export class CohortKustomization extends Construct {
  constructor(scope: Construct, id: string, { cohort, path, decryptionSecret }: CohortKustomizationProps) {
    super(scope, id);
    new Kustomization(this, 'kustomization', {
      metadata: {
        name: `lab-${cohort}`,
        namespace: FLUX_NAMESPACE,
        labels: { 'app.kubernetes.io/part-of': 'dozlab', 'app.kubernetes.io/managed-by': 'dozlab' },
      },
      spec: {
        sourceRef: { kind: KustomizationSpecSourceRefKind.GIT_REPOSITORY, name: FLUX_SOURCE },
        path,
        interval: '10m',
        retryInterval: '1m',
        timeout: '5m',
        prune: true,
        wait: false,
        ...(decryptionSecret === undefined
          ? {}
          : {
              decryption: {
                provider: KustomizationSpecDecryptionProvider.SOPS,
                secretRef: { name: decryptionSecret },
              },
            }),
      },
    });
  }
}
