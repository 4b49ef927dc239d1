import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { managedMetadata } from '../namespace/labels';

export interface ExecBackendConfigProps {
  readonly namespace: string;

  /** Service account of the server and of builds. */
  readonly serviceAccountName: string;

  /** Registry to which the server pushes images. */
  readonly registry: string;

  /** Tag of built images: the time after which ttl.sh deletes them, such as `1h`. */
  readonly imageTtl: string;

  /**
   * Secret with which the server pushes images.
   * @default - none
   */
  readonly registrySecret?: string | undefined;

  /** Port that the server listens on. */
  readonly port: number;

  readonly logLevel: string;
}

/**
 * The environment of the server, for its `envFrom`. Secrets such as `DATABASE_URL` are not in it. Without `K8S_KUBECONFIG`, a server in the
 * cluster uses its service account.
 */
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
