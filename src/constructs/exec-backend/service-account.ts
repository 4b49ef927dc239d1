import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { objectMetadata } from './object-metadata';

export interface ExecBackendServiceAccountProps {
  readonly namespace: string;

  readonly name: string;

  /** Secrets that its pods pull images with. */
  readonly imagePullSecrets: readonly { readonly name: string }[];
}

/**
 * The service account of the server. Build pods run as it too, and anybody's Dockerfile runs in them, so pods get its token only when they ask
 * for it with `automountServiceAccountToken: true` (Kubernetes, "Configure Service Accounts for Pods").
 */
export class ExecBackendServiceAccount extends Construct {
  constructor(scope: Construct, id: string, { namespace, name, imagePullSecrets }: ExecBackendServiceAccountProps) {
    super(scope, id);
    new k8s.KubeServiceAccount(this, 'service-account', {
      metadata: objectMetadata(namespace, name),
      automountServiceAccountToken: false,
      ...(imagePullSecrets.length > 0 ? { imagePullSecrets: [...imagePullSecrets] } : {}),
    });
  }
}
