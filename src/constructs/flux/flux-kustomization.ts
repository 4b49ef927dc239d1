import { Construct } from 'constructs';
import {
  Kustomization,
  KustomizationSpecDecryptionProvider,
  KustomizationSpecSourceRefKind,
} from '../../../imports/kustomize.toolkit.fluxcd.io';
import { fluxLabels } from '../namespace/labels';

/** What must be there before a Kustomization is applied. */
export interface FluxDependency {
  readonly name: string;
  /** A CEL expression on the other Kustomization, `dep`, in place of its being Ready at the same revision (Flux 2.7). */
  readonly readyExpr?: string;
}

export interface FluxKustomizationProps {
  readonly name: string;
  /** Namespace of Flux, where its source is too. */
  readonly namespace: string;
  readonly source: { readonly kind: 'GitRepository' | 'OCIRepository'; readonly name: string };
  /** Folder of the source, such as `./dist/infra`. */
  readonly path: string;
  /** Service account, in the same namespace, as which the objects are applied and removed. */
  readonly serviceAccountName: string;
  readonly dependsOn?: readonly FluxDependency[];
  /** Whether it is Ready only when all its objects are. @default false */
  readonly wait?: boolean;
  /** Time after which everything is applied anew, and what failed is tried again, and the most that it may take. */
  readonly times: { readonly interval: string; readonly retryInterval: string; readonly timeout: string };
  /** Secret in the same namespace with the key that encrypted manifests open with. */
  readonly decryptionSecret?: string;
  /** Shard of Flux that acts on it. */
  readonly shard?: string | undefined;
}

const SOURCE_KINDS = {
  GitRepository: KustomizationSpecSourceRefKind.GIT_REPOSITORY,
  OCIRepository: KustomizationSpecSourceRefKind.OCI_REPOSITORY,
};

/** Has Flux apply a folder of its source, and remove what is no longer there (Flux, "Kustomization"). */
export class FluxKustomization extends Construct {
  constructor(scope: Construct, id: string, props: FluxKustomizationProps) {
    super(scope, id);
    const { name, namespace, source, path, serviceAccountName, dependsOn = [], wait = false, decryptionSecret } = props;
    new Kustomization(this, 'kustomization', {
      metadata: { name, namespace, labels: fluxLabels(props.shard) },
      spec: {
        sourceRef: { kind: SOURCE_KINDS[source.kind], name: source.name },
        path,
        ...props.times,
        prune: true,
        wait,
        serviceAccountName,
        dependsOn: dependsOn.length === 0 ? undefined : [...dependsOn],
        decryption:
          decryptionSecret === undefined
            ? undefined
            : { provider: KustomizationSpecDecryptionProvider.SOPS, secretRef: { name: decryptionSecret } },
      },
    });
  }
}
