import { addSession } from '../constructs/session/lab-session';
import { defineChart } from '@dozlab/charts';
import { COMPILED_CHARTS } from './compiled-charts';
import { CHART_RULES } from '../api/rules/all';
import { IDENTITY_KEYS } from '../api/session';
import { valuesSchema, type SessionValues } from '../api/values/schema';
import { LAB_SESSION } from '../model/cohort';
import type { Manifest } from '@dozlab/charts/yaml';

/** The chart of lab sessions. */
export const labSessionChart = defineChart({
  name: LAB_SESSION,
  compiled: COMPILED_CHARTS[LAB_SESSION],
  schema: valuesSchema,
  rules: CHART_RULES,
  varying: IDENTITY_KEYS,
  constructs: addSession,
});

/** Raise it with every change: Flux ignores a chart whose version it has. */
export const CHART_VERSION = '0.4.0';

/**
 * Renders the objects of one session in the order to apply them.
 * One app a session: the time of cdk8s grows with the square of the charts.
 * @param namespace @default none
 */
export const renderSession = (values: SessionValues, namespace?: string): Manifest[] =>
  labSessionChart.objects(values, namespace);
