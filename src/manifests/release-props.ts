import type { FluxSettings } from '../api/settings/infra';
import { defaultValues } from '../api/values/defaults';
import { hasChartSource } from '../model/chart-name';
import type { DeliveredCohort } from './flux';
import type { ReleaseProps } from './release';

/** What the releases of a cohort are made of; undefined where there are none. */
export const releaseOf = (cohort: DeliveredCohort, flux: FluxSettings): ReleaseProps | undefined =>
  cohort.delivery === 'helm' && hasChartSource(cohort, flux) ? { cohort, flux, defaults: defaultValues() } : undefined;
