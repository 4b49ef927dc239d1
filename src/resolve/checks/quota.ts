import { excesses, isOfClaims } from '../quota-amounts';
import type { Path } from '@dozlab/charts/schema';
import { ownerOf } from '../cohort';
import type { ResolvedSession } from '../session-class';
import type { Documents } from '../../source/document';
import { deliveryNames } from '../../manifests/deliveries';
import type { ResolvedNamespace } from '../namespace';
import type { Diagnostics } from '../../core/diagnostics';
import { isBarePod } from './admission';
import type { SessionSizes } from '../sizes';

const QUOTA: Path = ['spec', 'infra', 'quota'];

/** Suspended sessions count with their claims. */
export function checkQuota(
  documents: Documents,
  { cohort, maxSessions, namespace }: ResolvedNamespace,
  sessions: readonly ResolvedSession[],
  sizes: SessionSizes,
  isAllOrNothing: boolean,
  diagnostics: Diagnostics,
): void {
  if (namespace.quota === undefined) return;
  const running = sessions.filter(({ session }) => session.values.suspended !== true);
  const exceeded = excesses(
    namespace.quota,
    sessions.map(({ session }) => sizes.asIs(session.values)),
  );
  if (exceeded.length === 0) return;
  const amounts = exceeded.map(({ resource, asked, limit }) => `${resource} ${asked} of ${limit}`).join(', ');
  const { preset, hard } = namespace.settings.quota;
  const given = exceeded.find(({ resource }) => resource in hard)?.resource;
  const isCounted = given === undefined && preset === undefined && maxSessions !== undefined;
  const path = isCounted
    ? ['spec', 'maxSessions']
    : given !== undefined
      ? [...QUOTA, 'hard', given]
      : [...QUOTA, ...(preset === undefined ? [] : ['preset'])];
  const allowed = isCounted ? `is ${String(maxSessions)}` : 'allows less';
  const count = running.length === 1 ? 'one session is' : `${String(running.length)} sessions are`;
  const suspended = sessions.filter(
    ({ session: { values } }) => values.suspended === true && sizes.of(values).claims > 0,
  );
  const withClaims =
    suspended.length > 0 && exceeded.some(({ resource }) => isOfClaims(resource))
      ? `, with the claims of ${String(suspended.length)} suspended`
      : '';
  const isBlocking =
    isAllOrNothing &&
    (exceeded.some(({ resource }) => isOfClaims(resource)) || running.some(({ session }) => isBarePod(session.values)));
  const outcome = isBlocking
    ? `Flux would apply no session of the cohort, as the cluster refuses a claim or a bare Pod; accepted: room for all, or the delivery ${deliveryNames((delivery) => !delivery.isAllOrNothing)}`
    : 'the cluster refuses the pods that come last';
  const message = `${allowed}, while ${count} to run in ${namespace.name}, which ask for ${amounts}${withClaims}: ${outcome}`;
  const document = documents.cohorts.find(({ name }) => name === cohort);
  const owner = document === undefined ? documents.project : ownerOf(path, document, documents.project);
  diagnostics.report(owner, { severity: isBlocking ? 'error' : 'warning', code: 'over-quota', path, message });
}
