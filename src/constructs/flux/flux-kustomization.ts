import { Construct } from 'constructs';
import {
  Kustomization,
  KustomizationSpecDecryptionProvider,
  KustomizationSpecSourceRefKind,
} from '../../../imports/kustomize.toolkit.fluxcd.io';
import { fluxLabels } from '../namespace/labels';

export interface FluxDependency {
  readonly name: string;
  /**
   * A CEL expression on `dep` (Flux 2.7).
   * @default - it is Ready at the same revision
   */
  readonly readyExpr?: string;
}

export interface FluxKustomizationProps {
  readonly name: string;
  readonly namespace: string;
  readonly source: { readonly kind: 'GitRepository' | 'OCIRepository'; readonly name: string };
  readonly path: string;
  readonly serviceAccountName: string;
  /** @default - none */
  readonly dependsOn?: readonly FluxDependency[];
  /**
   * Ready only when all its objects are.
   * @default false
   */
  readonly wait?: boolean;
  readonly times: { readonly interval: string; readonly retryInterval: string; readonly timeout: string };
  /**
   * Secret with the key for SOPS.
   * @default - no decryption
   */
  readonly decryptionSecret?: string;
  /**
   * Kinds of objects in the folder that it does not apply.
   * @default - none
   */
  readonly withoutKinds?: readonly string[];
  /** @default - none */
  readonly shard?: string | undefined;
}

const SOURCE_KINDS = {
  GitRepository: KustomizationSpecSourceRefKind.GIT_REPOSITORY,
  OCIRepository: KustomizationSpecSourceRefKind.OCI_REPOSITORY,
};

/** Kustomize, "patches": the target decides, so the names mean nothing. */
const DELETE = '{$patch: delete, apiVersion: v1, kind: any, metadata: {name: any}}';

const anyOf = (kinds: readonly string[]): string => Array.from(kinds).sort().join('|');

/** Flux deletes objects that are no longer in the folder (Flux, "Kustomization"). */
export class FluxKustomization extends Construct {
  constructor(scope: Construct, id: string, props: FluxKustomizationProps) {
    super(scope, id);
    const { name, namespace, source, path, serviceAccountName, dependsOn = [], wait = false, decryptionSecret } = props;
    const { withoutKinds = [] } = props;
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
        patches: withoutKinds.length === 0 ? undefined : [{ patch: DELETE, target: { kind: anyOf(withoutKinds) } }],
        decryption:
          decryptionSecret === undefined
            ? undefined
            : { provider: KustomizationSpecDecryptionProvider.SOPS, secretRef: { name: decryptionSecret } },
      },
    });
  }
}
