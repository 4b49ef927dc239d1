import { type Namespace, isOwnNamespace } from '../../model/project';
import type { SessionClass } from '../../model/session';
import type { SessionValues } from '../../api/values/schema';
import { isAdmittedBy } from '../../constructs/namespace/pod-policy-verdict';
import { deliveryNames } from '../../manifests/deliveries';
import { imagesOf, reportValue } from '../value-layers';
import type { ResolvedSession } from '../session-class';
import type { Diagnostics, ValueProblem } from '../../core/diagnostics';

/** @param isAllOrNothing one refused object blocks all sessions of a cohort */
export function checkAdmission(
  namespace: Namespace,
  sessions: readonly ResolvedSession[],
  isAllOrNothing: boolean,
  diagnostics: Diagnostics,
): void {
  const ofClasses = new Map<SessionClass, ValueProblem[]>();
  for (const { session, document, layers } of sessions) {
    const { values, sessionClass } = session;
    const ofClass = sessionClass === undefined ? undefined : ofClasses.get(sessionClass);
    const problems = ofClass ?? [
      ...imageProblems(namespace, values, isAllOrNothing),
      ...capabilityProblems(namespace, values, isAllOrNothing),
      ...isolationProblems(namespace, values),
      ...(isAllOrNothing && isBarePod(values) ? [barePodProblem(values)] : []),
    ];
    if (sessionClass !== undefined) ofClasses.set(sessionClass, problems);
    for (const problem of problems) reportValue(problem, layers, document, diagnostics);
  }
}

function imageProblems(
  { name, settings, images }: Namespace,
  values: SessionValues,
  isAllOrNothing: boolean,
): ValueProblem[] {
  if (!settings.podPolicy.enabled || !isOwnNamespace(name)) return [];
  return imagesOf(values)
    .filter(({ image }) => !images.some((admitted) => isAdmittedBy(admitted, image)))
    .map(({ path, image }) => ({
      severity: refusalSeverity(values, isAllOrNothing),
      code: 'not-admitted',
      path: [...path, 'image'],
      message: `gives the image ${image}, which project, labs and cohort do not name: the cluster refuses the session's pod; accepted: one that they name, or that spec.infra.podPolicy.images of dozlab.yaml or the cohort admits`,
    }));
}

/** Kubernetes refuses a Pod on apply, and everything in the same apply fails. */
const refusalSeverity = (values: SessionValues, isAllOrNothing: boolean): ValueProblem['severity'] =>
  isAllOrNothing && isBarePod(values) ? 'error' : 'warning';

function capabilityProblems(
  { name, settings, capabilities }: Namespace,
  values: SessionValues,
  isAllOrNothing: boolean,
): ValueProblem[] {
  if (!settings.podPolicy.enabled || !isOwnNamespace(name)) return [];
  const others = values.firecracker.capabilities.filter((each) => !capabilities.includes(each));
  if (others.length === 0) return [];
  const message = `adds ${others.join(', ')}, which no lab has in this cohort: the cluster refuses the session's pod; accepted: ${capabilities.length === 0 ? 'an empty list' : capabilities.join(', ')}, or more in the project, the lab or the cohort`;
  return [
    {
      severity: refusalSeverity(values, isAllOrNothing),
      code: 'not-admitted',
      path: ['firecracker', 'capabilities'],
      message,
    },
  ];
}

/** Network policies add up, so the cohort's policy opens the session. */
function isolationProblems({ name, settings, networkPolicy }: Namespace, values: SessionValues): ValueProblem[] {
  const own = values.networkPolicy;
  if (!settings.networkPolicy.isolation) return [];
  const hasNoEffect = (key: string, message: string): ValueProblem => ({
    severity: 'warning',
    code: 'has-no-effect',
    path: ['networkPolicy', key],
    message,
  });
  if (!own.enabled) {
    const message = `is false, but the policy for all sessions of ${name} isolates them all the same; accepted: spec.infra.networkPolicy.isolation: false, with defaultDeny: false where nothing is to be isolated`;
    return [hasNoEffect('enabled', message)];
  }
  const isStricter = {
    ingressNamespaces: networkPolicy.ingressNamespaces.some((each) => !own.ingressNamespaces.includes(each)),
    blockedRanges: own.blockedRanges.some((range) => !networkPolicy.blockedRanges.includes(range)),
  };
  const message = `is stricter than project and cohort are, whose policy for all sessions of ${name} allows what they allow; accepted: the same there, or spec.infra.networkPolicy.isolation: false in the cohort`;
  return Object.entries(isStricter).flatMap(([key, stricter]) => (stricter ? [hasNoEffect(key, message)] : []));
}

/** Without a Deployment. */
export const isBarePod = ({ workload, restartPolicy }: SessionValues): boolean =>
  workload.kind === 'Pod' || restartPolicy !== 'Always';

/** Kubernetes, "Pod update and replacement". */
function barePodProblem({ workload, restartPolicy }: SessionValues): ValueProblem {
  const [path, value] = workload.kind === 'Pod' ? [['workload', 'kind'], 'Pod'] : [['restartPolicy'], restartPolicy];
  const message = `is ${value}, so that the session is a Pod, which Kubernetes does not let change: with the delivery ${deliveryNames(({ isAllOrNothing }) => isAllOrNothing)} a change of it holds up all sessions of the cohort until the Pod is removed; accepted: a Deployment, or the delivery ${deliveryNames(({ isAllOrNothing }) => !isAllOrNothing)}`;
  return { severity: 'warning', code: 'unchangeable', path, message };
}
