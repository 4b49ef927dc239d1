import type { Manifest } from '@dozlab/charts/yaml';
import type { SessionValues } from '../api/values/schema';
import { labSessionChart } from './lab-session-chart';

/**
 * Renders the objects of one session in the order to apply them.
 * One app a session: the time of cdk8s grows with the square of the charts.
 * @param namespace @default none
 */
export const renderSession = (values: SessionValues, namespace?: string): Manifest[] =>
  labSessionChart.objects(values, namespace);
