import { type Namespace, isOwnNamespace } from '../../model/namespace';
import type { SessionValues } from '../../api/values/schema';
import { deliveryNames } from '../../manifests/deliveries';
import { imagesOf } from '../lab-values';
import { placed, type Placed } from '../value-layers';
import type { Problem } from '../../core/diagnostics';

/** What the cluster would refuse of single sessions, and what reaches further than they say, is foretold. Of a class without problems one session is checked. */
export function sessionProblems(namespace: Namespace, sessions: readonly Placed[], isAllOrNothing: boolean): Problem[] {
  const clean = new Set<unknown>();
  return sessions.flatMap((session) => {
    const { sessionClass } = session.resolved;
    if (sessionClass !== undefined && clean.has(sessionClass)) return [];
    const found = [
      ...imageProblems(namespace, session, isAllOrNothing),
      ...isolationProblems(namespace, session),
      ...(isAllOrNothing ? barePodProblems(session) : []),
    ];
    if (found.length === 0) clean.add(sessionClass);
    return found;
  });
}

/** Images that the namespace's policy does not admit: those of a session's own values. */
function imageProblems(
  { name, settings, images }: Namespace,
  { resolved, layers }: Placed,
  isAllOrNothing: boolean,
): Problem[] {
  const session = layers.at(-1)?.source;
  if (session === undefined || !settings.podPolicy.enabled || !isOwnNamespace(name)) return [];
  return imagesOf(resolved.values)
    .filter(({ image }) => !images.some((admitted) => isAdmitted(image, admitted)))
    .map(({ path, image }) => {
      const message = `gives the image ${image}, which project, labs and cohort do not name: the cluster refuses the session's pod; accepted: one that they name, or that spec.infra.podPolicy.images of dozlab.yaml or the cohort admits`;
      // A Pod is refused when it is applied, and with it all that is applied together.
      const severity = isAllOrNothing && isBarePod(resolved.values) ? 'error' : 'warning';
      return placed({ severity, code: 'not-admitted', path: [...path, 'image'], message }, layers, session);
    });
}

const isAdmitted = (image: string, admitted: string): boolean =>
  admitted.endsWith('*') ? image.startsWith(admitted.slice(0, -1)) : image === admitted;

/** A session that is to be closed more than its cohort: policies add up, so the cohort's opens it. */
function isolationProblems({ settings, networkPolicy }: Namespace, { resolved, layers }: Placed): Problem[] {
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
export const isBarePod = ({ workload, restartPolicy }: SessionValues): boolean =>
  workload.kind === 'Pod' || restartPolicy !== 'Always';

/** Pods without a Deployment, of which little can be changed (Kubernetes, "Pod update and replacement"). */
function barePodProblems({ resolved, layers }: Placed): Problem[] {
  const session = layers.at(-1)?.source;
  const { workload, restartPolicy } = resolved.values;
  if (session === undefined || !isBarePod(resolved.values)) return [];
  const [path, value] = workload.kind === 'Pod' ? [['workload', 'kind'], 'Pod'] : [['restartPolicy'], restartPolicy];
  const message = `is ${value}, so that the session is a Pod, which Kubernetes does not let change: with the delivery ${deliveryNames(({ isAllOrNothing }) => isAllOrNothing)} a change of it holds up all sessions of the cohort until the Pod is removed; accepted: a Deployment, or the delivery ${deliveryNames(({ isAllOrNothing }) => !isAllOrNothing)}`;
  return [placed({ severity: 'warning', code: 'unchangeable', path, message }, layers, session)];
}
