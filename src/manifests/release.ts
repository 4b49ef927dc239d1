import { PRUNE_ANNOTATION } from '../core/consumers/metadata';
import { byRank, yamlOf } from '@dozlab/charts/yaml';
import type { CompiledTemplate } from '@dozlab/charts';
import { at, type Mapping, type Tree, withoutDefaults } from '@dozlab/charts/schema';
import type { ReleaseValues } from '../constructs/flux/session-release';
import type { FluxSettings } from '../api/settings/flux';
import { chartName, type Cohort, fluxNameOf } from '../model/cohort';
import { HEADER } from './manifest-file';

export interface ReleaseProps {
  readonly cohort: Cohort;
  readonly flux: FluxSettings;
  readonly defaults: Mapping;
}

interface ReleasedSession {
  readonly id: string;
  /** Without defaults. */
  readonly given: Mapping;
}

const VALUES_INDENT = ' '.repeat(4);

/** Prints shared values only once. */
export function releasePrinter(
  template: CompiledTemplate<ReleaseValues>,
  { cohort, flux, defaults }: ReleaseProps,
): (session: ReleasedSession) => string {
  const { chart, namespace, shard } = cohort;
  const shared = {
    chart: { kind: chart.oci === undefined ? 'HelmChart' : 'OCIRepository', name: chartName(cohort) },
    serviceAccountName: fluxNameOf(cohort),
    interval: flux.interval,
    retryInterval: flux.retryInterval,
    ...(shard === undefined ? {} : { shard }),
  } as const;
  const print = template({ ...shared, session: { id: '' } }, namespace);
  // A chart of another version may have other defaults.
  const implied = chart.version === undefined && chart.oci === undefined ? defaults : {};
  const printed = new WeakMap<object, { readonly name: string; readonly text: string }>();
  const partText = (name: string, part: Tree): string => {
    const isShareable = typeof part === 'object' && part !== null;
    const known = isShareable ? printed.get(part) : undefined;
    if (known?.name === name) return known.text;
    const own = withoutDefaults({ [name]: part }, implied);
    const text = Object.keys(own).length === 0 ? '' : yamlOf(own).replace(/^(?=.)/gm, VALUES_INDENT);
    if (isShareable) printed.set(part, { name, text });
    return text;
  };
  return ({ id, given }) => {
    const parts = Object.entries(given)
      .sort(([one], [other]) => byRank(one, other))
      .map(([name, part]) => partText(name, part));
    // Values are the last key of the specification, in the order of our keys.
    return `${HEADER}${print({ ...shared, session: releasedSession(id, given) })}  values:\n${parts.join('')}`;
  };
}

/** Helm's limit. */
const LONGEST_NAME = 53;

function releasedSession(id: string, given: Mapping): ReleaseValues['session'] {
  const name = `lab-session-${id}`;
  const prune = at(given, ['annotations', PRUNE_ANNOTATION]);
  return {
    id,
    ...(name.length > LONGEST_NAME ? {} : { releaseName: name }),
    ...(typeof prune === 'string' ? { prune } : {}),
  };
}
