import type { Amounts } from '../model/pod-requests';
import type { Session } from '../model/session';
import type { SessionSizes } from '../resolve/sizes';
import { nano } from '../api/values/quantity';
import { grouped } from '../core/group-by';
import { rulesOf, type SchedulingRules } from './scheduling-rules';

/** Sessions of a lab in a cohort that are alike to the scheduler. */
export interface PodGroup {
  readonly cohort: string;
  readonly lab: string;
  /** The sessions' ids, in order. */
  readonly ids: readonly string[];
  /** What the pod of each takes of its node, in whole millicores and bytes as the scheduler counts; `pods` among it. */
  readonly requests: Amounts;
  readonly rules: SchedulingRules;
}

const MILLI = nano('1m');
const ONE = nano(1);

/** What a pod takes of a node: the scheduler rounds CPU up to millicores, and the rest to whole units. */
export const takenOfNode = (requests: Amounts): Amounts =>
  new Map([
    ...Array.from(requests, ([resource, amount]): [string, bigint] => {
      const unit = resource === 'cpu' ? MILLI : ONE;
      return [resource, ((amount + unit - 1n) / unit) * unit];
    }),
    ['pods', ONE],
  ]);

/** Makes groups. Rules that say the same are one object, so that they are looked at once. */
export class PodGroups {
  private readonly rules = new Map<string, SchedulingRules>();

  constructor(private readonly sizes: SessionSizes) {}

  /** The sessions that are to run, in groups. */
  of(sessions: readonly Session[]): PodGroup[] {
    const running = sessions.filter(({ values }) => values.suspended !== true);
    const groups = grouped(
      running.map((session) => ({ id: session.id, group: this.one(session) })),
      ({ group: { cohort, lab, requests, rules } }) =>
        JSON.stringify([cohort, lab, Array.from(requests, ([name, amount]) => [name, String(amount)]), rules]),
    );
    return Array.from(groups.values()).flatMap((members) => {
      const [first] = members;
      return first === undefined ? [] : [{ ...first.group, ids: members.map(({ id }) => id).sort() }];
    });
  }

  /** A group of no session yet. */
  one({ cohort, lab, values }: Pick<Session, 'cohort' | 'lab' | 'values'>): PodGroup {
    const rules = rulesOf(values);
    const key = JSON.stringify(rules);
    const known = this.rules.get(key) ?? rules;
    this.rules.set(key, known);
    return { cohort, lab, ids: [], requests: takenOfNode(this.sizes.of(values).requests), rules: known };
  }
}
