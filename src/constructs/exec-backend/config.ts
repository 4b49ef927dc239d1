import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { objectMetadata } from './object-metadata';

export interface ExecBackendConfigProps {
  readonly namespace: string;

  /** Service account of the server and of builds. */
  readonly serviceAccountName: string;

  /** Registry that images are pushed to. */
  readonly registry: string;

  /** Tag of built images, after which ttl.sh removes them. */
  readonly imageTtl: string;

  /** Secret that images are pushed with. @default none */
  readonly registrySecret?: string | undefined;

  /** Port that the server listens on. */
  readonly port: number;

  readonly logLevel: string;
}

/**
 * The environment of the server, for its `envFrom`. What is secret, such as `DATABASE_URL`, is in a Secret of its own. Without
 * `K8S_KUBECONFIG` a server in the cluster uses its service account.
 */
export class ExecBackendConfig extends Construct {
  constructor(scope: Construct, id: string, props: ExecBackendConfigProps) {
    super(scope, id);
    new k8s.KubeConfigMap(this, 'config-map', {
      metadata: objectMetadata(props.namespace, 'execbox-config'),
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
