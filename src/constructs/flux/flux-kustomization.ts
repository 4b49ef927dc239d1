import { Construct } from 'constructs';
import {
  Kustomization,
  KustomizationSpecDecryptionProvider,
  KustomizationSpecSourceRefKind,
} from '../../../imports/kustomize.toolkit.fluxcd.io';
import { fluxLabels } from '../namespace/labels';

/** A Kustomization that Flux applies first. */
export interface FluxDependency {
  readonly name: string;
  /**
   * A CEL expression on the other Kustomization, `dep` (Flux 2.7).
   * @default - it is Ready at the same revision
   */
  readonly readyExpr?: string;
}

export interface FluxKustomizationProps {
  readonly name: string;
  /** Namespace of Flux and of the source. */
  readonly namespace: string;
  readonly source: { readonly kind: 'GitRepository' | 'OCIRepository'; readonly name: string };
  /** Folder of the source, such as `./dist/infra`. */
  readonly path: string;
  /** Service account of the same namespace with which Flux applies and deletes the objects. */
  readonly serviceAccountName: string;
  /** @default - none */
  readonly dependsOn?: readonly FluxDependency[];
  /**
   * Makes it Ready only when all its objects are.
   * @default false
   */
  readonly wait?: boolean;
  /** Durations such as `5m`: between two applies, between a failure and the next try, and the limit of an apply. */
  readonly times: { readonly interval: string; readonly retryInterval: string; readonly timeout: string };
  /**
   * Secret of the same namespace with the key that decrypts manifests (SOPS).
   * @default - no decryption
   */
  readonly decryptionSecret?: string;
  /**
   * Shard of Flux that acts on it.
   * @default - none
   */
  readonly shard?: string | undefined;
}

const SOURCE_KINDS = {
  GitRepository: KustomizationSpecSourceRefKind.GIT_REPOSITORY,
  OCIRepository: KustomizationSpecSourceRefKind.OCI_REPOSITORY,
};

/** Flux applies a folder of the source, and deletes objects that are no longer in it (Flux, "Kustomization"). */
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
