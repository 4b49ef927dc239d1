import type { Cohort } from '../../model/cohort';
import { grouped } from '../../core/group-by';
import type { Snapshot } from './snapshot';

export interface CohortChange {
  readonly cohort: string;
  readonly change: 'new' | 'changed' | 'removed' | 'same';
  /** After the change, or before it for a removed cohort. */
  readonly namespace: string;
  readonly before: number;
  readonly after: number;
  /** `delivery kustomize → helm` */
  readonly settings: readonly string[];
}

export function cohortChanges(before: Snapshot, after: Snapshot): CohortChange[] {
  const [was, is] = [before, after].map(
    ({ resolved }) => new Map(resolved.cohorts.map((cohort) => [cohort.name, cohort])),
  ) as [Map<string, Cohort>, Map<string, Cohort>];
  const [sessions, sessionsAfter] = [before, after].map(({ sessions: all }) =>
    grouped(Array.from(all.values()), ({ cohort }) => cohort),
  );
  return Array.from(new Set([...was.keys(), ...is.keys()]))
    .sort()
    .map((name) => {
      const [old, young] = [was.get(name), is.get(name)];
      const settings = old === undefined || young === undefined ? [] : settingsChanged(old, young);
      return {
        cohort: name,
        change: changeOf(old, young, settings),
        namespace: (young ?? old)?.namespace ?? '',
        before: sessions?.get(name)?.length ?? 0,
        after: sessionsAfter?.get(name)?.length ?? 0,
        settings,
      };
    });
}

function changeOf(
  was: Cohort | undefined,
  is: Cohort | undefined,
  settings: readonly string[],
): CohortChange['change'] {
  if (was === undefined) return 'new';
  if (is === undefined) return 'removed';
  return settings.length === 0 ? 'same' : 'changed';
}

function settingsChanged(was: Cohort, is: Cohort): string[] {
  const facts: readonly [string, string, string][] = [
    ['namespace', was.namespace, is.namespace],
    ['delivery', was.delivery, is.delivery],
    ['secrets', was.secrets.provider, is.secrets.provider],
    ['chart', chartText(was), chartText(is)],
  ];
  return facts.filter(([, old, young]) => old !== young).map(([what, old, young]) => `${what} ${old} → ${young}`);
}

const chartText = ({ chart: { version, oci } }: Cohort): string =>
  [version ?? 'of this project', ...(oci === undefined ? [] : [`from ${oci.url}`, oci.digest ?? ''])].join(' ').trim();
