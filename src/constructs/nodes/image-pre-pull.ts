import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { MANAGED_LABELS } from '../namespace/labels';

export interface ImagePrePullProps {
  readonly namespace: string;
  readonly lab: string;
  readonly images: readonly string[];
  readonly pauseImage: string;
  /** With a statically linked /bin/busybox. */
  readonly copyImage: string;
  /** @default - Kubernetes decides by the tag */
  readonly imagePullPolicy?: string | undefined;
  readonly imagePullSecrets: readonly string[];
  readonly nodeSelector: Readonly<Record<string, string>>;
}

const FOLDER = '/pre-pull';

/** Pulls a lab's images to every node. A copied busybox runs in each image: images without a shell work too. */
export class ImagePrePull extends Construct {
  constructor(scope: Construct, id: string, props: ImagePrePullProps) {
    super(scope, id);
    const { imagePullPolicy } = props;
    const labels = { 'app.kubernetes.io/name': 'image-pre-pull', 'dozlab.io/pre-pull': props.lab };
    new k8s.KubeDaemonSet(this, 'daemon-set', {
      metadata: {
        name: `pre-pull-${props.lab}`,
        namespace: props.namespace,
        labels: { ...MANAGED_LABELS, ...labels },
      },
      spec: {
        selector: { matchLabels: labels },
        updateStrategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxUnavailable: k8s.IntOrString.fromString('100%') },
        },
        template: {
          metadata: { labels },
          spec: {
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            nodeSelector: Object.keys(props.nodeSelector).length === 0 ? undefined : { ...props.nodeSelector },
            tolerations: [{ operator: 'Exists' }],
            imagePullSecrets:
              props.imagePullSecrets.length === 0 ? undefined : props.imagePullSecrets.map((name) => ({ name })),
            securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: 'RuntimeDefault' } },
            initContainers: [
              container('copy', props.copyImage, imagePullPolicy, [
                '/bin/busybox',
                'cp',
                '/bin/busybox',
                `${FOLDER}/busybox`,
              ]),
              ...props.images.map((image, index) =>
                container(`image-${String(index + 1)}`, image, imagePullPolicy, [`${FOLDER}/busybox`, 'true']),
              ),
            ],
            containers: [container('pause', props.pauseImage, imagePullPolicy)],
            volumes: [{ name: 'pre-pull', emptyDir: { sizeLimit: k8s.Quantity.fromString('8Mi') } }],
          },
        },
      },
    });
  }
}

const container = (
  name: string,
  image: string,
  imagePullPolicy: string | undefined,
  command?: string[],
): k8s.Container => ({
  name,
  image,
  imagePullPolicy,
  command,
  securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
  resources: {
    requests: { cpu: k8s.Quantity.fromString('1m'), memory: k8s.Quantity.fromString('8Mi') },
    limits: { cpu: k8s.Quantity.fromString('100m'), memory: k8s.Quantity.fromString('32Mi') },
  },
  volumeMounts: command === undefined ? undefined : [{ name: 'pre-pull', mountPath: FOLDER }],
});
