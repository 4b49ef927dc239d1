import type { FluxSettings } from '../api/settings/infra';
import type { DeliveredCohort } from '../manifests/flux';

/** The name of the chart of lab sessions. */
export const LAB_SESSION = 'lab-session';

/** Cohorts that share a namespace have charts of their own. */
export const chartName = ({ name }: DeliveredCohort): string => `${LAB_SESSION}-${name}`;

/** Whether there is a source of the chart, so that releases can be made. */
export const hasChartSource = ({ chart }: DeliveredCohort, { source }: FluxSettings): boolean =>
  chart.oci !== undefined || (source.kind === 'GitRepository' && source.url !== undefined);
