/** A kind of pod that a session namespace takes, told by labels. */
export interface PodKind {
  /** Name of the CEL variable that says whether a pod is of this kind. */
  readonly variable: string;

  /** The labels, and what each must be; any value when it is not given. */
  readonly labels: readonly { readonly key: string; readonly value?: string }[];

  /** What people call pods of this kind. */
  readonly title: string;
}

export const SESSION_POD: PodKind = {
  variable: 'isSession',
  labels: [{ key: 'app', value: 'lab-environment' }, { key: 'session-id' }],
  title: 'sessions',
};

/** What cert-manager makes for an ACME HTTP-01 challenge (cert-manager, "HTTP01"). */
export const SOLVER_POD: PodKind = {
  variable: 'isSolver',
  labels: [{ key: 'acme.cert-manager.io/http01-solver', value: 'true' }],
  title: 'ACME solvers of cert-manager',
};

/** All kinds of pods that a session namespace takes. */
export const POD_KINDS: readonly PodKind[] = [
  SESSION_POD,
  { variable: 'isTest', labels: [{ key: 'dozlab.io/test-of' }], title: 'pods of "helm test"' },
  SOLVER_POD,
  { variable: 'isPrePull', labels: [{ key: 'dozlab.io/pre-pull' }], title: 'pods that pull images ahead' },
];

/** The labels that tell the kinds apart, and one session from another. */
export const KIND_LABELS: readonly string[] = POD_KINDS.flatMap(({ labels }) => labels.map(({ key }) => key));

/** The kinds with their labels, for people. */
export const describedKinds = (): string =>
  POD_KINDS.map(
    ({ title, labels }) =>
      `${title} (${labels.map(({ key, value }) => (value === undefined ? key : `${key}=${value}`)).join(', ')})`,
  ).join(', ');
