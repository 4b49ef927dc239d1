import type { ProblemCode, ValueProblem } from '../../core/diagnostics';
import type { SessionValues } from '../values/schema';
import { and, type Checks, faultsOf, matches, type View } from '@dozlab/charts';
import type { Path } from '@dozlab/charts/schema';

export type Rule = (values: SessionValues) => ValueProblem[];

/** What rules of the chart see, too: one definition refuses values here and in Helm. */
export type ValuesView = View<SessionValues>;

export type ChartRule = Checks<ValuesView>;

/** Its problems are keys. */
const KEYS = 'keys-mean-nothing';

export const asRule =
  (name: string, checks: ChartRule): Rule =>
  (values) =>
    faultsOf({ [name]: checks }, values).map(({ path, message, code }) => ({
      ...error(path, message, (code ?? 'conflict') as ProblemCode),
      ...(name === KEYS ? { key: true } : {}),
    }));

/** RFC 1123, a subdomain of any parts (Kubernetes, "Object Names and IDs"). */
export const isObjectName = (name: string) =>
  and(matches(name, /^.{1,253}$/), matches(name, /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/));

export const error = (path: Path, message: string, code: ProblemCode = 'conflict'): ValueProblem => ({
  severity: 'error',
  code,
  path,
  message,
});

export const warning = (path: Path, message: string, code: ProblemCode): ValueProblem => ({
  severity: 'warning',
  code,
  path,
  message,
});
