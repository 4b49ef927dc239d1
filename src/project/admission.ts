import { excesses, isOfClaims } from '../infra/quota';
import { isOwnNamespace, type SessionNamespace } from '../output/namespace';
import type { Path } from '../schema/tree';
import type { SessionValues } from '../values/schema';
import { imagesOf } from './lab-values';
import { settingProblem } from './layered-settings';
import { placed, type Placed } from './layers';
import type { LoadedProject } from './load';
import { isApplied, type ResolvedNamespace } from './namespaces';
import type { Problem } from './problem';
import type { SessionSizes } from './session-sizes';

/** Sessions that the cluster would refuse, or that reach further than they say: foretold, so that nobody has to find out. */
export function admissionProblems(
  loaded: LoadedProject,
  namespaces: readonly ResolvedNamespace[],
  sessions: readonly Placed[],
  sizes: SessionSizes,
): Problem[] {
  const byNamespace = new Map(namespaces.map(({ namespace }): [string, Placed[]] => [namespace.name, []]));
  for (const session of sessions) byNamespace.get(session.resolved.namespace)?.push(session);
  return namespaces.flatMap((resolved) => {
    const inside = byNamespace.get(resolved.namespace.name) ?? [];
    const isManifest = isApplied(loaded, resolved.namespace.name);
    return [
      ...quotaProblems(loaded, resolved, inside, sizes, isManifest),
      ...sessionProblems(resolved.namespace, inside, isManifest),
    ];
  });
}

/** What is foretold of single sessions. It is asked once of all that differ in nothing but who they are for, if there is nothing to say. */
function sessionProblems(namespace: SessionNamespace, sessions: readonly Placed[], isManifest: boolean): Problem[] {
  const clean = new Set<unknown>();
  return sessions.flatMap((session) => {
    const { basis } = session.resolved;
    if (basis !== undefined && clean.has(basis)) return [];
    const found = [
      ...imageProblems(namespace, session, isManifest),
      ...isolationProblems(namespace, session),
      ...(isManifest ? barePodProblems(session) : []),
    ];
    if (found.length === 0) clean.add(basis);
    return found;
  });
}

const QUOTA: Path = ['spec', 'infra', 'quota'];

/** Whether all sessions that are not suspended fit into the quota together, with the claims of those that are. */
function quotaProblems(
  loaded: LoadedProject,
  { cohort, maxSessions, namespace }: ResolvedNamespace,
  sessions: readonly Placed[],
  sizes: SessionSizes,
  isManifest: boolean,
): Problem[] {
  if (namespace.quota === undefined) return [];
  const running = sessions.filter(({ resolved }) => resolved.values.suspended !== true);
  const exceeded = excesses(
    namespace.quota,
    sessions.map(({ resolved }) => sizes.asIs(resolved.values)),
  );
  if (exceeded.length === 0) return [];
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
    ({ resolved: { values } }) => values.suspended === true && sizes.of(values).claims > 0,
  );
  const kept =
    suspended.length > 0 && exceeded.some(({ resource }) => isOfClaims(resource))
      ? `, with the claims of ${String(suspended.length)} suspended`
      : '';
  const isBlocking =
    isManifest &&
    (exceeded.some(({ resource }) => isOfClaims(resource)) ||
      running.some(({ resolved }) => isBarePod(resolved.values)));
  const outcome = isBlocking
    ? 'Flux would apply no session of the cohort, as the cluster refuses a claim or a bare Pod; accepted: room for all, or the delivery helm'
    : 'the cluster refuses the pods that come last';
  const message = `${allowed}, while ${count} to run in ${namespace.name}, which ask for ${amounts}${kept}: ${outcome}`;
  return [settingProblem(isBlocking ? 'error' : 'warning', 'over-quota', path, message, cohort, loaded.project)];
}

/** Images that the namespace's policy does not admit: those of a session's own values. */
function imageProblems(
  { name, settings, images }: SessionNamespace,
  { resolved, layers }: Placed,
  isManifest: boolean,
): Problem[] {
  const session = layers.at(-1)?.source;
  if (session === undefined || !settings.podPolicy.enabled || !isOwnNamespace(name)) return [];
  return imagesOf(resolved.values)
    .filter(({ image }) => !images.some((admitted) => isAdmitted(image, admitted)))
    .map(({ path, image }) => {
      const message = `gives the image ${image}, which project, labs and cohort do not name: the cluster refuses the session's pod; accepted: one that they name, or that spec.infra.podPolicy.images of dozlab.yaml or the cohort admits`;
      // A Pod is refused when it is applied, and with it all that is applied together.
      const severity = isManifest && isBarePod(resolved.values) ? 'error' : 'warning';
      return placed({ severity, code: 'not-admitted', path: [...path, 'image'], message }, layers, session);
    });
}

const isAdmitted = (image: string, admitted: string): boolean =>
  admitted.endsWith('*') ? image.startsWith(admitted.slice(0, -1)) : image === admitted;

/** A session that is to be closed more than its cohort: policies add up, so the cohort's opens it. */
function isolationProblems({ settings, networkPolicy }: SessionNamespace, { resolved, layers }: Placed): Problem[] {
  const session = layers.at(-1)?.source;
  const own = resolved.values.networkPolicy;
  if (session === undefined || !settings.networkPolicy.isolation) return [];
  if (!own.enabled) {
    const message = `is false, but the policy for all sessions of ${resolved.namespace} isolates them all the same; accepted: spec.infra.networkPolicy.isolation: false, with defaultDeny: false where nothing is to be isolated`;
    return [
      placed(
        { severity: 'warning', code: 'has-no-effect', path: ['networkPolicy', 'enabled'], message },
        layers,
        session,
      ),
    ];
  }
  const isNarrower = {
    ingressNamespaces: networkPolicy.ingressNamespaces.some((name) => !own.ingressNamespaces.includes(name)),
    blockedRanges: own.blockedRanges.some((range) => !networkPolicy.blockedRanges.includes(range)),
  };
  return Object.entries(isNarrower)
    .filter(([, narrower]) => narrower)
    .map(([key]) => {
      const message = `is stricter than project and cohort are, whose policy for all sessions of ${resolved.namespace} allows what they allow; accepted: the same there, or spec.infra.networkPolicy.isolation: false in the cohort`;
      return placed(
        { severity: 'warning', code: 'has-no-effect', path: ['networkPolicy', key], message },
        layers,
        session,
      );
    });
}

/** Whether a session is a Pod without a Deployment. */
const isBarePod = ({ workload, restartPolicy }: SessionValues): boolean =>
  workload.kind === 'Pod' || restartPolicy !== 'Always';

/** Pods without a Deployment, of which little can be changed (Kubernetes, "Pod update and replacement"). */
function barePodProblems({ resolved, layers }: Placed): Problem[] {
  const session = layers.at(-1)?.source;
  const { workload, restartPolicy } = resolved.values;
  if (session === undefined || !isBarePod(resolved.values)) return [];
  const [path, value] = workload.kind === 'Pod' ? [['workload', 'kind'], 'Pod'] : [['restartPolicy'], restartPolicy];
  const message = `is ${value}, so that the session is a Pod, which Kubernetes does not let change: with the delivery kustomize a change of it holds up all sessions of the cohort until the Pod is removed; accepted: a Deployment, or the delivery helm`;
  return [placed({ severity: 'warning', code: 'unchangeable', path, message }, layers, session)];
}
