import { releaseSchema, releasedSession, SessionRelease } from '../constructs/session-release';
import type { FluxSettings } from '../infra/settings';
import { defineChart } from '../render/define-chart';
import { byRank } from '../render/key-order';
import { yamlOf } from '../render/yaml';
import { withoutDefaults } from '../schema/defaults';
import type { Mapping, Tree } from '../schema/tree';
import { defaultValues } from '../values/defaults';
import { chartName } from './chart-name';
import type { DeliveredCohort } from './flux';
import { fluxNameOf } from './flux-name';
import { HEADER } from './header';

/** What a release is made of. */
interface ReleasedSession {
  readonly id: string;
  /** Values as the project's files give them, without defaults. */
  readonly given: Mapping;
}

/** Releases of sessions without their values. Rendered like sessions, but not part of their chart. */
export const releaseChart = defineChart({
  name: 'session-release',
  schema: releaseSchema,
  varying: ['session'],
  constructs: (scope, view) => {
    new SessionRelease(scope, 'release', view);
  },
});

const VALUES_INDENT = ' '.repeat(4);

/** What gives the releases of a cohort as text, each a session as a release of the chart. Values that sessions share are printed once. */
export function releasePrinter(cohort: DeliveredCohort, flux: FluxSettings): (session: ReleasedSession) => string {
  const { chart, namespace, shard } = cohort;
  const shared = {
    chart: { kind: chart.oci === undefined ? 'HelmChart' : 'OCIRepository', name: chartName(cohort) },
    serviceAccountName: fluxNameOf(cohort),
    interval: flux.interval,
    retryInterval: flux.retryInterval,
    ...(shard === undefined ? {} : { shard }),
  } as const;
  const print = releaseChart.printer({ ...shared, session: { id: '' } }, namespace);
  // Those of the chart of this version; another one may have others.
  const defaults = chart.version === undefined && chart.oci === undefined ? defaultValues() : {};
  const printed = new WeakMap<object, { readonly name: string; readonly text: string }>();
  const partText = (name: string, part: Tree): string => {
    const isShareable = typeof part === 'object' && part !== null;
    const known = isShareable ? printed.get(part) : undefined;
    if (known?.name === name) return known.text;
    const own = withoutDefaults({ [name]: part }, defaults);
    const text = Object.keys(own).length === 0 ? '' : yamlOf(own).replace(/^(?=.)/gm, VALUES_INDENT);
    if (isShareable) printed.set(part, { name, text });
    return text;
  };
  return ({ id, given }) => {
    const parts = Object.entries(given)
      .sort(([one], [other]) => byRank(one, other))
      .map(([name, part]) => partText(name, part));
    // The values are the last of the specification, in the order of our keys.
    return `${HEADER}${print({ ...shared, session: releasedSession(id) })}  values:\n${parts.join('')}`;
  };
}
