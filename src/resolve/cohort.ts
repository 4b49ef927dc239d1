import type { z } from 'zod';
import { at, type Mapping, mergeTrees, type Path } from '@dozlab/charts/schema';
import { chartSettings } from '../api/settings/chart';
import { fluxSettings, type FluxSettings } from '../api/settings/flux';
import type { SecretsSettings } from '../api/settings/secrets';
import { enabledRoutes } from '../api/rules/routes';
import { checkSchema } from '../core/check-schema';
import type { Diagnostics } from '../core/diagnostics';
import { DELIVERIES, type Delivery, deliveryOf } from '../manifests/deliveries';
import { type ApplyUnit, type Cohort, shardOf } from '../model/cohort';
import type { Session } from '../model/session';
import { passwordKinds, providerOf } from '../secrets/providers';
import type { CohortDocument, Document, Documents } from '../source/document';

const CHART: Path = ['spec', 'chart'];

/** Undefined if invalid. */
export function resolveCohort(
  documents: Documents,
  cohort: CohortDocument,
  secrets: SecretsSettings | undefined,
  diagnostics: Diagnostics,
): Cohort | undefined {
  const chart = layeredSettings(CHART, chartSettings, documents, cohort, diagnostics);
  const delivery = cohortDelivery(documents, cohort);
  const [name, namespace, flux] = [cohort.name, namespaceOf(cohort), fluxOf(documents)];
  const { chartFolders } = documents;
  const settings = deliverySettings(documents)[delivery.settings?.key ?? ''];
  for (const problem of delivery.check({ name, namespace, secrets, chart }, { flux, chartFolders, settings }))
    diagnostics.report(ownerOf(problem.path, cohort, documents.project), { ...problem, key: false });
  if (chart === undefined || secrets === undefined) return undefined;
  const { version, oci } = chart;
  if (oci !== undefined && version === undefined && oci.digest === undefined) {
    const path = [...CHART, 'oci'];
    const message = 'names no version; accepted: spec.chart.version, or oci.digest';
    diagnostics.error(ownerOf(path, cohort, documents.project), path, 'missing', message);
  }
  const shard = resolveShard(documents, cohort, diagnostics);
  return { name, namespace, delivery: delivery.name, secrets, chart, shard };
}

/** With the objects of its sessions that Flux applies apart. Helm applies routes itself. */
export function withApplyUnits(documents: Documents, cohort: Cohort, sessions: readonly Session[]): Cohort {
  const document = documents.cohorts.find(({ name }) => name === cohort.name);
  const isByHelm = document !== undefined && cohortDelivery(documents, document).usesHelm;
  const classes = new Set(sessions.map(({ sessionClass, values }) => sessionClass?.values ?? values));
  const hasPasswords = sessions.some(({ secret }) => passwordKinds(providerOf(secret.provider)).length > 0);
  const hasRoutes =
    !isByHelm && Array.from(classes).some((values) => enabledRoutes(values).some(({ kind }) => kind === 'httpRoute'));
  const applyUnits: ApplyUnit[] = [
    ...(hasPasswords ? ['passwords' as const] : []),
    ...(hasRoutes ? ['routes' as const] : []),
  ];
  return applyUnits.length === 0 ? cohort : { ...cohort, applyUnits };
}

function resolveShard(documents: Documents, cohort: CohortDocument, diagnostics: Diagnostics): string | undefined {
  const { shards } = fluxOf(documents);
  const given = cohort.value?.spec.shard;
  if (given !== undefined && !shards.includes(given)) {
    const listed = shards.length === 0 ? 'names none' : `names ${shards.join(', ')}`;
    const message = `is ${given}, but spec.flux.shards of dozlab.yaml ${listed}; accepted: one that it names, or none`;
    diagnostics.error(cohort, ['spec', 'shard'], 'wrong-value', message);
  }
  return given ?? shardOf(cohort.name, shards);
}

export const namespaceOf = (cohort: CohortDocument): string => cohort.value?.spec.namespace ?? `lab-${cohort.name}`;

export function cohortDelivery({ project }: Pick<Documents, 'project'>, { value }: CohortDocument): Delivery {
  const delivery = value?.spec.delivery ?? project.value?.spec.delivery;
  return delivery === undefined ? DELIVERIES[0] : deliveryOf({ delivery });
}

export const deliveriesIn = (documents: Documents, namespace: string): Delivery[] =>
  documents.cohorts
    .filter((cohort) => namespaceOf(cohort) === namespace)
    .map((cohort) => cohortDelivery(documents, cohort));

export const fluxOf = ({ project }: Documents): FluxSettings =>
  project.value?.spec.flux ?? fluxSettings.parse(undefined);

export const deliverySettings = ({ project }: Documents): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    DELIVERIES.flatMap(({ settings }) => {
      const value = settings === undefined ? undefined : at(project.value, ['spec', settings.key]);
      return settings === undefined || value === undefined ? [] : [[settings.key, value]];
    }),
  );

/** The cohort overrides the project key by key; undefined if invalid. */
export function layeredSettings<S extends z.ZodType>(
  path: Path,
  schema: S,
  { project }: Pick<Documents, 'project'>,
  cohort: CohortDocument,
  diagnostics: Diagnostics,
): z.output<S> | undefined {
  const [base, over] = [project, cohort].map(({ value }) => (at(value, path) ?? {}) as Mapping);
  const { data, problems } = checkSchema(schema, mergeTrees(mergeTrees({}, base ?? {}), over ?? {}), path);
  for (const problem of problems) {
    const full = [...path, ...problem.path];
    diagnostics.report(ownerOf(full, cohort, project), { ...problem, path: full, key: false });
  }
  return data;
}

/** If none has the setting, the first with its nearest parent. */
export function ownerOf(
  path: Path,
  first: Document<unknown>,
  ...more: readonly Document<unknown>[]
): Document<unknown> {
  const all = [first, ...more];
  const isSetIn = (depth: number) => (document: Document<unknown>) =>
    at(document.file?.content, path.slice(0, depth)) !== undefined;
  return all.find(isSetIn(path.length)) ?? all.find(isSetIn(path.length - 1)) ?? more.at(-1) ?? first;
}
