import { celList, celLiteral } from './admission-policy';

export interface PodKind {
  readonly variable: string;

  readonly labels: readonly { readonly key: string; readonly value?: string }[];

  readonly title: string;
}

export const SESSION_POD: PodKind = {
  variable: 'isSession',
  labels: [{ key: 'app', value: 'lab-environment' }, { key: 'session-id' }],
  title: 'sessions',
};

/** cert-manager, "HTTP01". */
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

export const KIND_LABELS: readonly string[] = POD_KINDS.flatMap(({ labels }) => labels.map(({ key }) => key));

export const describedKinds = (): string =>
  POD_KINDS.map(
    ({ title, labels }) =>
      `${title} (${labels.map(({ key, value }) => (value === undefined ? key : `${key}=${value}`)).join(', ')})`,
  ).join(', ');

export const isOfKind = ({ labels: own }: PodKind, labels: Readonly<Record<string, string>>): boolean =>
  own.every(({ key, value }) => key in labels && (value === undefined || labels[key] === value));

interface PolicyVariable {
  readonly name: string;
  readonly expression: string;
}

/** Exact references, or prefixes that end in `*`. */
interface AdmittedImages {
  readonly images: readonly string[];

  readonly solverImages: readonly string[];
}

const kindVariable = ({ variable, labels }: PodKind): PolicyVariable => ({
  name: variable,
  expression: labels
    .map(({ key, value }) =>
      value === undefined
        ? `${celLiteral(key)} in variables.labels`
        : `variables.labels[?${celLiteral(key)}].orValue("") == ${celLiteral(value)}`,
    )
    .join(' && '),
});

/** `dyn`: a CEL list has one type, ephemeral containers have another. */
const containersOf = (pod: string): string =>
  `dyn(${pod}.spec.containers) + dyn(${pod}.spec.?initContainers.orValue([])) + dyn(${pod}.spec.?ephemeralContainers.orValue([]))`;

const IDENTITY = 'c.name + " " + c.?image.orValue("")';

function hasOther(images: readonly string[]): string {
  const image = 'c.?image.orValue("")';
  const exact = images.filter((entry) => !entry.endsWith('*'));
  const prefixes = images.filter((entry) => entry.endsWith('*')).map((entry) => entry.slice(0, -1));
  return `!(${image} in ${celList(exact)}) && !${celList(prefixes)}.exists(prefix, ${image}.startsWith(prefix))`;
}

/** Running pods keep images that are no longer admitted, so `containers` has only new containers and images. */
export const policyVariables = ({ images, solverImages }: AdmittedImages): PolicyVariable[] => [
  { name: 'labels', expression: 'object.metadata.?labels.orValue({})' },
  ...POD_KINDS.map(kindVariable),
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
