import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { managedMetadata } from '../namespace/labels';

export interface ExecBackendConfigProps {
  readonly namespace: string;

  readonly serviceAccountName: string;

  readonly registry: string;

  /** Time until ttl.sh deletes images, such as `1h`. */
  readonly imageTtl: string;

  /** @default - none */
  readonly registrySecret?: string | undefined;

  readonly port: number;

  readonly logLevel: string;
}

/** Without `K8S_KUBECONFIG`, a server in the cluster uses its service account. */
export class ExecBackendConfig extends Construct {
  constructor(scope: Construct, id: string, props: ExecBackendConfigProps) {
    super(scope, id);
    new k8s.KubeConfigMap(this, 'config-map', {
      metadata: managedMetadata(props.namespace, 'execbox-config'),
      data: {
        BACKEND: 'kubernetes',
        K8S_NAMESPACE: props.namespace,
        K8S_SERVICE_ACCOUNT: props.serviceAccountName,
        K8S_REGISTRY: props.registry,
        K8S_IMAGE_TTL: props.imageTtl,
        ...(props.registrySecret === undefined ? {} : { K8S_REGISTRY_SECRET: props.registrySecret }),
        PORT: String(props.port),
        LOG_LEVEL: props.logLevel,
      },
    });
  }
}
