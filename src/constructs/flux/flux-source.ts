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
  /** Time between two looks at the repository, such as `1m`. */
  readonly interval: string;
  /** Branch of a GitRepository. */
  readonly branch?: string;
  /** Tag of an OCIRepository. */
  readonly tag?: string;
  /** Digest that an OCIRepository must have. */
  readonly digest?: string;
  /** Secret with credentials, in the same namespace. */
  readonly secretRef?: string;
  /** Reach an OCIRepository without TLS. @default false */
  readonly insecure?: boolean;
  /** Take the layer that holds a Helm chart out of the OCIRepository. @default false */
  readonly isChart?: boolean;
  /** Shard of Flux that acts on it. */
  readonly shard?: string | undefined;
}

/** Where Flux takes files from (Flux, "Git Repositories" and "OCI Repositories"). */
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
