import { celLiteral } from './cel';
import { POD_KINDS, SESSION_POD, SOLVER_POD, type PodKind } from './pod-kinds';

/** A variable of a ValidatingAdmissionPolicy: other expressions read it as `variables.<name>`, and it is computed at most once. */
export interface PolicyVariable {
  readonly name: string;
  readonly expression: string;
}

/** The images that pods may have: exact references, or prefixes, which end in `*`. */
export interface AdmittedImages {
  /** Of all pods. */
  readonly images: readonly string[];

  /** Of ACME solvers, beside these. */
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

/** All containers of a pod. Without a type: that of ephemeral containers is another, and CEL's lists are of one. */
const containersOf = (pod: string): string =>
  `dyn(${pod}.spec.containers) + dyn(${pod}.spec.?initContainers.orValue([])) + dyn(${pod}.spec.?ephemeralContainers.orValue([]))`;

/** A container's name and image as one text. No name has a space in it. */
const IDENTITY = 'c.name + " " + c.?image.orValue("")';

/** Whether a container has none of the images. */
function hasOther(images: readonly string[]): string {
  const image = 'c.?image.orValue("")';
  const exact = images.filter((entry) => !entry.endsWith('*'));
  const prefixes = images.filter((entry) => entry.endsWith('*')).map((entry) => entry.slice(0, -1));
  return `!(${image} in ${celLiteral(exact)}) && !${celLiteral(prefixes)}.exists(prefix, ${image}.startsWith(prefix))`;
}

/**
 * What the rules of the policy are about. Kubelets, controllers and finalizers update pods whose images are no longer admitted, so it is
 * only what was not there before.
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
