import { celLiteral } from './admission-policy';

/** A kind of pod that a namespace for sessions admits, by its labels. */
export interface PodKind {
  /** The CEL variable that is true for pods of this kind. */
  readonly variable: string;

  /** The labels that the pods have. Without a value, any value. */
  readonly labels: readonly { readonly key: string; readonly value?: string }[];

  /** For messages. */
  readonly title: string;
}

export const SESSION_POD: PodKind = {
  variable: 'isSession',
  labels: [{ key: 'app', value: 'lab-environment' }, { key: 'session-id' }],
  title: 'sessions',
};

/** The pod of cert-manager for an ACME HTTP-01 challenge (cert-manager, "HTTP01"). */
export const SOLVER_POD: PodKind = {
  variable: 'isSolver',
  labels: [{ key: 'acme.cert-manager.io/http01-solver', value: 'true' }],
  title: 'ACME solvers of cert-manager',
};

export const POD_KINDS: readonly PodKind[] = [
  SESSION_POD,
  { variable: 'isTest', labels: [{ key: 'dozlab.io/test-of' }], title: 'pods of "helm test"' },
  SOLVER_POD,
  { variable: 'isPrePull', labels: [{ key: 'dozlab.io/pre-pull' }], title: 'pods that pull images ahead' },
];

/** The labels that decide the kind of a pod, and its session. */
export const KIND_LABELS: readonly string[] = POD_KINDS.flatMap(({ labels }) => labels.map(({ key }) => key));

/** The kinds with their labels, for messages. */
export const describedKinds = (): string =>
  POD_KINDS.map(
    ({ title, labels }) =>
      `${title} (${labels.map(({ key, value }) => (value === undefined ? key : `${key}=${value}`)).join(', ')})`,
  ).join(', ');

/** Expressions read it as `variables.<name>`. The API server computes it at most once. */
interface PolicyVariable {
  readonly name: string;
  readonly expression: string;
}

/** Exact references, or prefixes that end in `*`. */
interface AdmittedImages {
  readonly images: readonly string[];

  /** For ACME solvers, beside `images`. */
  readonly solverImages: readonly string[];
}

const isOfKind = ({ variable, labels }: PodKind): PolicyVariable => ({
  name: variable,
  expression: labels
    .map(({ key, value }) =>
      value === undefined
        ? `${celLiteral(key)} in variables.labels`
        : `variables.labels[?${celLiteral(key)}].orValue("") == ${celLiteral(value)}`,
    )
    .join(' && '),
});

/** All containers of a pod. `dyn`, as ephemeral containers have another type and a CEL list has one type. */
const containersOf = (pod: string): string =>
  `dyn(${pod}.spec.containers) + dyn(${pod}.spec.?initContainers.orValue([])) + dyn(${pod}.spec.?ephemeralContainers.orValue([]))`;

/** The name and image of a container as one text. A name has no spaces. */
const IDENTITY = 'c.name + " " + c.?image.orValue("")';

/** An expression that is true for a container with none of the images. */
function hasOther(images: readonly string[]): string {
  const image = 'c.?image.orValue("")';
  const exact = images.filter((entry) => !entry.endsWith('*'));
  const prefixes = images.filter((entry) => entry.endsWith('*')).map((entry) => entry.slice(0, -1));
  return `!(${image} in ${celLiteral(exact)}) && !${celLiteral(prefixes)}.exists(prefix, ${image}.startsWith(prefix))`;
}

/**
 * The variables of the rules. Kubelets, controllers and finalizers update pods with images that are no longer admitted, so `containers` has
 * only containers that are new or have a new image.
 */
export const policyVariables = ({ images, solverImages }: AdmittedImages): PolicyVariable[] => [
  { name: 'labels', expression: 'object.metadata.?labels.orValue({})' },
  ...POD_KINDS.map(isOfKind),
  {
    name: 'before',
    expression: `request.operation == "CREATE" ? [] : (${containersOf('oldObject')}).map(c, ${IDENTITY})`,
  },
  { name: 'containers', expression: `(${containersOf('object')}).filter(c, !((${IDENTITY}) in variables.before))` },
  { name: 'volumes', expression: 'request.operation == "CREATE" ? object.spec.?volumes.orValue([]) : []' },
  { name: 'otherImages', expression: `variables.containers.filter(c, ${hasOther(images)})` },
  {
    name: 'refusedImages',
    expression: `variables.${SOLVER_POD.variable} && !variables.${SESSION_POD.variable} ? variables.otherImages.filter(c, ${hasOther(solverImages)}) : variables.otherImages`,
  },
];
