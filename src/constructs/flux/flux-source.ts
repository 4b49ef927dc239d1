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
  /** Time between two fetches, such as `1m`. */
  readonly interval: string;
  /**
   * Branch of a GitRepository.
   * @default - the default branch of Flux
   */
  readonly branch?: string;
  /**
   * Tag of an OCIRepository. A digest wins.
   * @default - `latest`, or the digest
   */
  readonly tag?: string;
  /**
   * Digest that an OCIRepository must have.
   * @default - any
   */
  readonly digest?: string;
  /**
   * Secret of the same namespace with credentials.
   * @default - none
   */
  readonly secretRef?: string;
  /**
   * Connects to an OCIRepository without TLS.
   * @default false
   */
  readonly insecure?: boolean;
  /**
   * Copies the layer of an OCIRepository that is a Helm chart.
   * @default false
   */
  readonly isChart?: boolean;
  /**
   * Shard of Flux that acts on it.
   * @default - none
   */
  readonly shard?: string | undefined;
}

/** A repository from which Flux fetches files (Flux, "Git Repositories" and "OCI Repositories"). */
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
