import { addSession } from '../constructs/session/lab-session';
import { defineChart } from '@dozlab/charts';
import { COMPILED_CHARTS } from './compiled-charts';
import { IDENTITY_KEYS } from '../api/session-identity';
import { valuesSchema } from '../api/values/schema';
import { LAB_SESSION } from '../model/cohort';

/** The chart of lab sessions. */
export const labSessionChart = defineChart({
  name: LAB_SESSION,
  compiled: COMPILED_CHARTS[LAB_SESSION],
  schema: valuesSchema,
  varying: IDENTITY_KEYS,
  constructs: addSession,
});

/** Raise it with every change: Flux ignores a chart whose version it has. */
export const CHART_VERSION = '0.1.0';
