import { at } from '@dozlab/charts/schema';
import type { Manifest } from '@dozlab/charts/yaml';
import { podSpecOf, type Container } from '../../admission/resource-list';
import { MICROVM_CAPABILITIES } from '../../api/values/capabilities';
import { MICROVM, policyRules, SOLVER_IMAGES, VOLUME_KINDS, type PodPolicyProps } from './pod-policy';
import { isOfKind, POD_KINDS, SESSION_POD, SOLVER_POD } from './pod-policy-variables';

interface NewPod {
  readonly spec: ReturnType<typeof podSpecOf>;
  readonly containers: readonly Container[];
  readonly volumes: readonly Readonly<Record<string, unknown>>[];
  readonly labels: Readonly<Record<string, string>>;
  readonly isSession: boolean;
  readonly refusedImages: readonly Container[];
  readonly capabilities: readonly string[];
}

/** What a rule finds in a new pod: a problem, or the names of all problems. */
type Finding = boolean | readonly string[];

const namesOf = (items: readonly { readonly name?: unknown }[]): string[] => items.map(({ name }) => String(name));

/** In the order of `policyRules`. */
const FINDINGS: readonly ((pod: NewPod) => Finding)[] = [
  ({ labels }) => !POD_KINDS.some((kind) => isOfKind(kind, labels)),
  () => false, // Labels of a pod that exists.
  ({ refusedImages }) => refusedImages.map(({ name, image = 'none' }) => `container ${name} has ${image}`),
  ({ spec }) => spec['automountServiceAccountToken'] !== false,
  ({ volumes }) =>
    namesOf(
      volumes.filter((volume) =>
        ((at(volume, ['projected', 'sources']) ?? []) as readonly object[]).some(
          (source) => 'serviceAccountToken' in source,
        ),
      ),
    ),
  ({ spec }) => ['hostNetwork', 'hostPID', 'hostIPC'].some((field) => spec[field] === true),
  ({ volumes }) => namesOf(volumes.filter((volume) => !VOLUME_KINDS.some((kind) => kind in volume))),
  ({ containers }) => namesOf(containers.filter(({ ports = [] }) => ports.some(({ hostPort = 0 }) => hostPort !== 0))),
  ({ containers }) => namesOf(containers.filter(({ securityContext = {} }) => securityContext['privileged'] === true)),
  ({ containers, isSession, capabilities }) =>
    namesOf(
      containers.filter(({ name, securityContext = {} }) =>
        ((at(securityContext, ['capabilities', 'add']) ?? []) as readonly string[]).some(
          (capability) => !(isSession && name === MICROVM && capabilities.includes(capability)),
        ),
      ),
    ),
];

/** The verdict of the PodPolicy on new pods; undefined if it admits them. */
export function podPolicyRefusal(props: PodPolicyProps): (object: Manifest) => string | undefined {
  const rules = policyRules(props.namespace, props.capabilities);
  return (object) => {
    if (object.kind !== 'Pod') return undefined;
    const pod = newPod(object, props);
    for (const [index, find] of FINDINGS.entries()) {
      const [rule, found] = [rules[index], find(pod)];
      if (rule === undefined || found === false) continue;
      if (found === true) return rule.message;
      if (found.length > 0) return `${rule.message}: ${found.join(', ')}`;
    }
    return undefined;
  };
}

function newPod(
  object: Manifest,
  { images, solverImages = SOLVER_IMAGES, capabilities = MICROVM_CAPABILITIES }: PodPolicyProps,
): NewPod {
  const spec = podSpecOf(object);
  const { labels = {} } = object.metadata as { labels?: Readonly<Record<string, string>> };
  const isSession = isOfKind(SESSION_POD, labels);
  const admitted = [...images, ...(isOfKind(SOLVER_POD, labels) && !isSession ? solverImages : [])];
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])];
  return {
    spec,
    containers,
    volumes: (spec['volumes'] ?? []) as NewPod['volumes'],
    labels,
    isSession,
    capabilities,
    refusedImages: containers.filter(({ image = '' }) => !admitted.some((each) => isAdmittedBy(each, image))),
  };
}

/** @param admitted a reference, or a prefix that ends in `*` */
export const isAdmittedBy = (admitted: string, image: string): boolean =>
  admitted.endsWith('*') ? image.startsWith(admitted.slice(0, -1)) : image === admitted;
