import { isDeepStrictEqual } from 'node:util';
import { isMapping, mergeTrees, type Tree } from '@dozlab/charts/schema';
import { defaultValues } from './defaults';
import { checkValues } from './check';
import type { ValueProblem } from '../../core/value-problem';
import { RULES } from '../rules/all';
import type { Rule } from '../rules/rule';
import { IDENTITY, type SessionValues, valuesSchema } from './schema';

/** What a rule has to say of values, and which of their parts it has looked at: of values with the same parts it says the same. */
export interface Finding {
  readonly looked: ReadonlySet<string>;
  readonly problems: readonly ValueProblem[];
}

/** Values that are right. Values that share parts with them (`firecracker`, `labels` …) are checked in their other parts only. */
export interface ValuesModel {
  /** Complete. */
  readonly values: SessionValues;
  /** One for each rule. */
  readonly findings: readonly Finding[];
}

/** Parts of values by their names, without defaults; undefined for one that is not given. */
export type Parts = Readonly<Record<string, Tree | undefined>>;

/** A model of values as they are given, without defaults; undefined when they are not right. */
export function valuesModel(given: Parts): ValuesModel | undefined {
  const { values } = checkValues(given);
  return values === undefined ? undefined : { values, findings: RULES.map((rule) => findingOf(rule, values)) };
}

/**
 * The model of values that are those of another model but for some parts: what `valuesModel` gives for all of them. Parts that are the same
 * are the same objects in both. Undefined when a part is not right, or does not go with the others.
 */
export function changedModel(model: ValuesModel, parts: Parts): ValuesModel | undefined {
  const values: Record<string, unknown> = { ...model.values };
  for (const [name, part] of Object.entries(parts)) {
    const checked = checkedPart(name, part);
    if (checked === undefined) return undefined;
    if (checked.part === undefined) Reflect.deleteProperty(values, name);
    else values[name] = checked.part;
  }
  const changed = Object.keys(parts);
  const findings = model.findings.map((finding, index) => {
    const rule = RULES[index];
    return rule !== undefined && changed.some((name) => finding.looked.has(name))
      ? findingOf(rule, values as SessionValues)
      : finding;
  });
  const isRight = findings.every(({ problems }) => problems.every(({ severity }) => severity !== 'error'));
  return isRight ? { values: values as SessionValues, findings } : undefined;
}

/**
 * Gives the values that differ from those of a model in nothing but who the session is for, by `session` and `suspended`, which are right. It gives
 * undefined where a rule says something else of them.
 * @param model which says nothing of `suspended`
 */
export function identified({ values, findings }: ValuesModel): (identity: Parts) => SessionValues | undefined {
  const ofIdentity = findings.flatMap(({ looked, problems }, index) => {
    const rule = RULES[index];
    return rule !== undefined && IDENTITY.some((name) => looked.has(name)) ? [{ rule, problems }] : [];
  });
  return (identity) => {
    const own = { ...values, ...identity };
    const isSaidAlike = ofIdentity.every(({ rule, problems }) => {
      const found = rule(own);
      return (found.length === 0 && problems.length === 0) || isDeepStrictEqual(found, problems);
    });
    return isSaidAlike ? own : undefined;
  };
}

const SCHEMAS: Readonly<Record<string, { safeParse(input: unknown): { success: boolean; data?: unknown } }>> =
  valuesSchema.shape;

/** A part with its defaults, if it is right. */
function checkedPart(name: string, part: Tree | undefined): { readonly part: unknown } | undefined {
  if (!Object.hasOwn(SCHEMAS, name)) return undefined;
  const below = defaultValues()[name];
  const complete =
    part === undefined ? below : isMapping(part) ? mergeTrees(isMapping(below) ? below : {}, part) : part;
  const result = SCHEMAS[name]?.safeParse(complete);
  return result?.success === true ? { part: result.data } : undefined;
}

function findingOf(rule: Rule, values: SessionValues): Finding {
  const looked = new Set<string>();
  const watched = new Proxy(values, {
    get(all, name) {
      looked.add(String(name));
      return Reflect.get(all, name) as unknown;
    },
    // Whoever copies them looks at all.
    ownKeys(all) {
      for (const name of Object.keys(SCHEMAS)) looked.add(name);
      return Reflect.ownKeys(all);
    },
  });
  return { looked, problems: rule(watched) };
}
