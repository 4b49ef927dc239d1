import type { Manifest } from '@dozlab/charts/yaml';
import type { SessionValues } from '../api/values/schema';
import { labSessionChart } from './lab-session-chart';

/**
 * The objects of one session, in the order in which they are to be applied. Each session has an app of its own: the time that cdk8s takes
 * for an app grows with the square of its charts.
 *
 * @param namespace the namespace written into the objects; none is written when it is not given
 */
export const renderSession = (values: SessionValues, namespace?: string): Manifest[] =>
  labSessionChart.objects(values, namespace);
