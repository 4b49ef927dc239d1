import { addSession } from '../constructs/session/lab-session';
import { defineChart } from '@dozlab/charts';
import { COMPILED_CHARTS } from './compiled-charts';
import { IDENTITY_KEYS } from '../api/session-identity';
import { valuesSchema } from '../api/values/schema';
import { LAB_SESSION } from '../model/cohort';

/** The chart of lab sessions, whose constructs are those of LabSession. */
export const labSessionChart = defineChart({
  name: LAB_SESSION,
  compiled: COMPILED_CHARTS[LAB_SESSION],
  schema: valuesSchema,
  varying: IDENTITY_KEYS,
  constructs: addSession,
});

/** Version of the chart: a change of what the chart renders needs a new one, as Flux does not take in a chart whose version is known. */
export const CHART_VERSION = '0.1.0';
