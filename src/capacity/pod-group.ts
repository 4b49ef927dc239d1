import type { Amounts } from '../model/pod-requests';
import type { Session } from '../model/session';
import type { SessionSizes } from '../resolve/sizes';
import { nano } from '../api/values/quantity';
import { grouped } from '../core/group-by';
import type { RulesByNamespace } from './project-state';
import { rulesOf, type SchedulingRules } from './scheduling-rules';

export interface PodGroup {
  readonly cohort: string;
  readonly lab: string;
  /** Sorted. */
  readonly ids: readonly string[];
  /** Whole millicores and bytes, `pods` included. */
  readonly requests: Amounts;
  /** Of one session. 0 without a limit. */
  readonly memoryLimit: bigint;
  readonly rules: SchedulingRules;
}

const MILLI = nano('1m');
const ONE = nano(1);

/** kube-scheduler rounds CPU up to millicores and all else to whole units. Adds one pod. */
export const schedulerRequests = (requests: Amounts): Amounts =>
  new Map([
    ...Array.from(requests, ([resource, amount]): [string, bigint] => {
      const unit = resource === 'cpu' ? MILLI : ONE;
      return [resource, ((amount + unit - 1n) / unit) * unit];
    }),
    ['pods', ONE],
  ]);

export class PodGroups {
  private readonly rules = new Map<string, SchedulingRules>();

  constructor(
    private readonly sizes: SessionSizes,
    private readonly namespaces: RulesByNamespace,
  ) {}

  of(sessions: readonly Session[]): PodGroup[] {
    const running = sessions.filter(({ values }) => values.suspended !== true);
    const groups = grouped(
      running.map((session) => ({ id: session.id, group: this.one(session) })),
      ({ group: { cohort, lab, requests, memoryLimit, rules } }) =>
        JSON.stringify([
          ...[cohort, lab, String(memoryLimit), rules],
          Array.from(requests, ([name, amount]) => [name, String(amount)]),
        ]),
    );
    return Array.from(groups.values()).flatMap((members) => {
      const [first] = members;
      return first === undefined ? [] : [{ ...first.group, ids: members.map(({ id }) => id).sort() }];
    });
  }

  one({ cohort, namespace, lab, values }: Pick<Session, 'cohort' | 'namespace' | 'lab' | 'values'>): PodGroup {
    const rules = rulesOf(values);
    const key = JSON.stringify(rules);
    const shared = this.rules.get(key) ?? rules;
    this.rules.set(key, shared);
    const { requests, limits } = this.sizes.of(values, this.namespaces.get(namespace));
    const memoryLimit = limits.get('memory') ?? 0n;
    return { cohort, lab, ids: [], requests: schedulerRequests(requests), memoryLimit, rules: shared };
  }
}
