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
  /** A GitRepository of the same namespace. */
  readonly source: string;
  /** Folder of the chart in it. */
  readonly chart: string;
  /** Time between two checks of the chart, such as `1m`. */
  readonly interval: string;
  /**
   * Shard of Flux that acts on it.
   * @default - none
   */
  readonly shard?: string | undefined;
}

/**
 * The chart of all releases of a namespace (Flux, "Helm Charts"). Flux upgrades the releases when the version of the chart changes. The
 * strategy `Revision` would upgrade them at every commit.
 */
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
