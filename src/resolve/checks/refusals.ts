import type { Path } from '@dozlab/charts/schema';
import type { RefusedObject } from '../../admission/session-size';
import type { Diagnostics } from '../../core/diagnostics';
import { grouped } from '../../core/group-by';
import { namespaceRules } from '../namespace-rules';
import type { ResolvedSession } from '../session-class';
import { ownerIn, type NamespaceScope } from './quota';

const INFRA: Path = ['spec', 'infra'];
const MOST_NAMES = 3;

/** Objects that the namespace refuses whatever the others use. `checkAdmission` reports images. */
export function checkRefusals(scope: NamespaceScope, diagnostics: Diagnostics): void {
  const { resolved, sessions, sizes, isAllOrNothing } = scope;
  const rules = namespaceRules(resolved.namespace);
  const found = sessions.flatMap((session) =>
    sizes
      .asIs(session.session.values, rules)
      .refusals.filter(({ refusal }) => refusal.by !== 'ValidatingAdmissionPolicy')
      .map((refused) => ({ session, refused })),
  );
  const alike = grouped(found, ({ refused: { kind, isApplied, refusal } }) =>
    JSON.stringify([kind, isApplied, refusal]),
  );
  for (const group of alike.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const path = pathOf(scope, first.refused);
    const { kind, isApplied, refusal } = first.refused;
    const isBlocking = isAllOrNothing && isApplied;
    const outcome = isBlocking ? ', so that Flux would apply no session of the cohort' : '';
    const message = `refuses the ${kind} of ${sessionNames(group.map(({ session }) => session))} in ${resolved.namespace.name}: ${refusal.message}${outcome}; accepted: bounds that admit them, or other requests and limits of the sessions`;
    diagnostics.report(ownerIn(scope, path), {
      severity: isBlocking ? 'error' : 'warning',
      code: 'not-admitted',
      path,
      message,
    });
  }
}

/** The setting that refuses: a bound, or the quota that wants an amount of each container. */
function pathOf({ resolved }: NamespaceScope, { refusal: { by, subjects } }: RefusedObject): Path {
  const { quota, limitRange } = resolved.namespace.settings;
  const given = (settings: object): string | undefined => subjects.find((subject) => subject in settings);
  if (by === 'ResourceQuota') {
    const key = given(quota.hard);
    return [...INFRA, 'quota', ...(key === undefined ? [] : ['hard', key])];
  }
  for (const bound of ['max', 'defaultRequest'] as const) {
    const resource = given(limitRange[bound]);
    if (resource !== undefined) return [...INFRA, 'limitRange', bound, resource];
  }
  return [...INFRA, 'limitRange'];
}

function sessionNames(sessions: readonly ResolvedSession[]): string {
  const ids = sessions.map(({ session }) => session.id);
  if (ids.length === 1) return `the session ${String(ids[0])}`;
  const more = ids.length - MOST_NAMES;
  const shown = ids.slice(0, more > 0 ? MOST_NAMES : undefined).join(', ');
  return `${String(ids.length)} sessions (${shown}${more > 0 ? ` and ${String(more)} more` : ''})`;
}
