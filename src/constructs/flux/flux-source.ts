import { Construct } from 'constructs';
import {
  GitRepository,
  OciRepository,
  OciRepositorySpecLayerSelectorOperation,
} from '../../../imports/source.toolkit.fluxcd.io';
import { fluxLabels } from '../namespace/labels';

export interface FluxSourceProps {
  readonly name: string;
  readonly namespace: string;
  readonly kind: 'GitRepository' | 'OCIRepository';
  readonly url: string;
  readonly interval: string;
  /** @default - the default branch of Flux */
  readonly branch?: string;
  /**
   * A digest wins.
   * @default - `latest`, or the digest
   */
  readonly tag?: string;
  /** @default - any */
  readonly digest?: string;
  /** @default - none */
  readonly secretRef?: string;
  /** @default false */
  readonly insecure?: boolean;
  /**
   * Copies the layer with the Helm chart.
   * @default false
   */
  readonly isChart?: boolean;
  /** @default - none */
  readonly shard?: string | undefined;
}

/** Flux, "Git Repositories" and "OCI Repositories". */
export class FluxSource extends Construct {
  constructor(scope: Construct, id: string, props: FluxSourceProps) {
    super(scope, id);
    const metadata = { name: props.name, namespace: props.namespace, labels: fluxLabels(props.shard) };
    const secretRef = props.secretRef === undefined ? undefined : { name: props.secretRef };
    const { url, interval } = props;
    if (props.kind === 'GitRepository') {
      new GitRepository(this, 'source', {
        metadata,
        spec: { url, interval, timeout: '60s', ref: { branch: props.branch }, secretRef },
      });
      return;
    }
    new OciRepository(this, 'source', {
      metadata,
      spec: {
        url,
        interval,
        timeout: '60s',
        ref: { tag: props.digest === undefined ? props.tag : undefined, digest: props.digest },
        secretRef,
        insecure: props.insecure === true ? true : undefined,
        layerSelector:
          props.isChart === true
            ? {
                mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
                operation: OciRepositorySpecLayerSelectorOperation.COPY,
              }
            : undefined,
      },
    });
  }
}
