import { Construct } from 'constructs';
import {
  HelmChart,
  HelmChartSpecReconcileStrategy,
  HelmChartSpecSourceRefKind,
} from '../../imports/source.toolkit.fluxcd.io';
import { MANAGED_LABELS } from './managed';

export interface SessionChartProps {
  readonly name: string;
  readonly namespace: string;
  /** A GitRepository of the same namespace. */
  readonly source: string;
  /** Folder of the chart in it. */
  readonly chart: string;
  /** Time between two looks at the chart, such as `1m`. */
  readonly interval: string;
}

/**
 * The chart that all releases of a namespace are made of (Flux, "Helm Charts"). A release takes it over when its version is another one:
 * with the strategy `Revision` each commit would upgrade all of them.
 */
export class SessionChart extends Construct {
  constructor(scope: Construct, id: string, { name, namespace, source, chart, interval }: SessionChartProps) {
    super(scope, id);
    new HelmChart(this, 'chart', {
      metadata: { name, namespace, labels: MANAGED_LABELS },
      spec: {
        chart,
        interval,
        sourceRef: { kind: HelmChartSpecSourceRefKind.GIT_REPOSITORY, name: source },
        reconcileStrategy: HelmChartSpecReconcileStrategy.CHART_VERSION,
      },
    });
  }
}
