/** A condition of Kubernetes: `metav1.Condition`. */
export interface Condition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False' | 'Unknown';
  /** One word in CamelCase, for programs. */
  readonly reason: string;
  /** For people, without secrets. */
  readonly message: string;
  /** RFC 3339: since when it has this status. */
  readonly lastTransitionTime: string;
  /** Of the session that it was made from. */
  readonly observedGeneration: number;
}

/** In the order in which a session gets them. `Stalled` is there only if the controller cannot go on: kstatus, "Conditions". */
export const CONDITION_TYPES = [
  'Accepted',
  'Scheduled',
  'ImagesReady',
  'RootfsReady',
  'Booted',
  'Ready',
  'Expiring',
  'Stalled',
] as const;

export type ConditionType = (typeof CONDITION_TYPES)[number];

/** A condition before it is compared with the one before. */
export type Finding = Pick<Condition, 'type' | 'status' | 'reason' | 'message'> & {
  /** RFC 3339: since when, if the cluster tells. @default now */
  readonly since?: string | undefined;
};

export const holds = (type: ConditionType, reason: string, message: string, since?: string): Finding => ({
  ...{ type, status: 'True', reason, message, since },
});

export const lacks = (type: ConditionType, reason: string, message: string): Finding => ({
  ...{ type, status: 'False', reason, message },
});

/** Conditions with the times of the ones before, as long as their status is the same. */
export function conditionsFrom(
  findings: readonly Finding[],
  before: readonly Condition[],
  observedGeneration: number,
  now: string,
): Condition[] {
  return CONDITION_TYPES.flatMap((type) => {
    const finding = findings.find((each) => each.type === type);
    if (finding === undefined) return [];
    const { status, reason, message, since } = finding;
    const same = before.find((each) => each.type === type && each.status === status);
    const lastTransitionTime = same?.lastTransitionTime ?? since ?? now;
    return [{ type, status, reason, message, lastTransitionTime, observedGeneration }];
  });
}
