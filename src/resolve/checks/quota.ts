import { enforcedKey } from '../../admission/quota-usage';
import type { Path } from '@dozlab/charts/schema';
import { ownerOf } from '../cohort';
import type { ResolvedSession } from '../session-class';
import type { Documents } from '../../source/document';
import { deliveryNames } from '../../manifests/deliveries';
import type { ResolvedNamespace } from '../namespace';
import { namespaceRules } from '../namespace-rules';
import type { Diagnostics, Place } from '../../core/diagnostics';
import { excesses, quotaUses, type Excess, type OtherUse, type QuotaUse } from '../quota-use';
import type { SessionSizes } from '../sizes';

const QUOTA: Path = ['spec', 'infra', 'quota'];

/** A namespace and the sessions in it. */
export interface NamespaceScope {
  readonly documents: Documents;
  readonly resolved: ResolvedNamespace;
  readonly sessions: readonly ResolvedSession[];
  readonly sizes: SessionSizes;
  /** One refused object blocks all sessions of a cohort. */
  readonly isAllOrNothing: boolean;
}

/** Suspended sessions count with their claims, Services and the like. */
export function checkQuota(scope: NamespaceScope, others: OtherUse, diagnostics: Diagnostics): void {
  const { resolved, sessions, sizes } = scope;
  const { namespace } = resolved;
  if (namespace.quota === undefined) return;
  const rules = namespaceRules(namespace);
  const uses = quotaUses(
    namespace.quota,
    sessions.map(({ session }) => sizes.asIs(session.values, rules)),
    others,
  );
  for (const use of uses.filter(({ state }) => state === 'not enforced')) {
    const [owner, path] = placeOf(scope, use.resource);
    diagnostics.report(owner, { severity: 'warning', code: 'has-no-effect', path, message: withoutEffect(use) });
  }
  const exceeded = excesses(uses);
  if (exceeded.length > 0) reportExcess(scope, exceeded, diagnostics);
}

function withoutEffect({ resource }: QuotaUse): string {
  const accepted = enforcedKey(resource) ?? 'leave it out';
  return `limits nothing: Kubernetes takes the key, but counts nothing for it; accepted: ${accepted}`;
}

/** The file that sets the path for the namespace. */
export function ownerIn({ documents, resolved }: NamespaceScope, path: Path): Place {
  const document = documents.cohorts.find(({ name }) => name === resolved.cohort);
  return document === undefined ? documents.project : ownerOf(path, document, documents.project);
}

function placeOf(scope: NamespaceScope, resource?: string): [owner: Place, path: Path] {
  const { maxSessions, namespace } = scope.resolved;
  const { preset, hard } = namespace.settings.quota;
  const isCounted = preset === undefined && maxSessions !== undefined;
  const path =
    resource !== undefined && resource in hard
      ? [...QUOTA, 'hard', resource]
      : isCounted
        ? ['spec', 'maxSessions']
        : [...QUOTA, ...(preset === undefined ? [] : ['preset'])];
  return [ownerIn(scope, path), path];
}

function reportExcess(scope: NamespaceScope, exceeded: readonly Excess[], diagnostics: Diagnostics): void {
  const { resolved, sessions, sizes, isAllOrNothing } = scope;
  const { maxSessions, namespace } = resolved;
  const running = sessions.filter(({ session }) => session.values.suspended !== true);
  const amounts = exceeded.map(({ resource, asked, limit }) => `${resource} ${asked} of ${limit}`).join(', ');
  const given = exceeded.find(({ resource }) => resource in namespace.settings.quota.hard)?.resource;
  const [owner, path] = placeOf(scope, given);
  const allowed = path.at(-1) === 'maxSessions' ? `is ${String(maxSessions)}` : 'allows less';
  const count = running.length === 1 ? 'one session is' : `${String(running.length)} sessions are`;
  const suspended = sessions.filter(
    ({ session: { values } }) => values.suspended === true && sizes.of(values, namespaceRules(namespace)).claims > 0,
  );
  const withClaims =
    suspended.length > 0 && exceeded.some(({ resource }) => isOfClaims(resource))
      ? `, with the claims of ${String(suspended.length)} suspended`
      : '';
  const failing = exceeded.filter(({ failsApply }) => failsApply).map(({ resource }) => resource);
  const isBlocking = isAllOrNothing && failing.length > 0;
  const outcome = isBlocking
    ? `Flux would apply no session of the cohort, as the cluster refuses an object of the apply (${failing.join(', ')}); accepted: room for all, or the delivery ${deliveryNames((delivery) => !delivery.isAllOrNothing)}`
    : failing.length > 0
      ? 'the cluster refuses the releases that come last'
      : 'the cluster refuses the pods that come last';
  const message = `${allowed}, while ${count} to run in ${namespace.name}, which ask for ${amounts}${withClaims}: ${outcome}`;
  diagnostics.report(owner, { severity: isBlocking ? 'error' : 'warning', code: 'over-quota', path, message });
}

const isOfClaims = (resource: string): boolean => /(^|[./])(persistentvolumeclaims|requests\.storage)$/.test(resource);
