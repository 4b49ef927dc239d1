import type { FluxSettings } from '../api/settings/flux';
import { defaultValues } from '../api/values/defaults';
import { hasChartSource, type Cohort } from '../model/cohort';
import { deliveryOf } from './deliveries';
import type { ReleaseProps } from './release';

export const releaseOf = (cohort: Cohort, flux: FluxSettings): ReleaseProps | undefined =>
  deliveryOf(cohort).usesHelm && hasChartSource(cohort, flux) ? { cohort, flux, defaults: defaultValues() } : undefined;
