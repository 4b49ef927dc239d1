import { Construct } from 'constructs';
import {
  HelmChart,
  HelmChartSpecReconcileStrategy,
  HelmChartSpecSourceRefKind,
} from '../../../imports/source.toolkit.fluxcd.io';
import { fluxLabels } from '../namespace/labels';

export interface SessionChartProps {
  readonly name: string;
  readonly namespace: string;
  readonly source: string;
  readonly chart: string;
  readonly interval: string;
  /** @default - none */
  readonly shard?: string | undefined;
}

/** The strategy `Revision` would upgrade releases at every commit (Flux, "Helm Charts"). */
export class SessionChart extends Construct {
  constructor(scope: Construct, id: string, props: SessionChartProps) {
    super(scope, id);
    const { name, namespace, source, chart, interval, shard } = props;
    new HelmChart(this, 'chart', {
      metadata: { name, namespace, labels: fluxLabels(shard) },
      spec: {
        chart,
        interval,
        sourceRef: { kind: HelmChartSpecSourceRefKind.GIT_REPOSITORY, name: source },
        reconcileStrategy: HelmChartSpecReconcileStrategy.CHART_VERSION,
      },
    });
  }
}
