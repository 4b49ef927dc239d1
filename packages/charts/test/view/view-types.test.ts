import { join } from 'node:path';
import { errorsByLine, programOf } from '../support/compile';

/** What constructs must not do with a view, one a line. */
const MISUSES = [
  'if (view.enabled) use();',
  'use(view.enabled ? 1 : 2);',
  'use(!view.enabled);',
  'use(view.enabled && view);',
  'use(view.enabled || view);',
  'use(view.enabled === true);',
  'while (view.enabled) use();',
  'use(view.name.toUpperCase());',
  'use(view.name.slice(1));',
  'use([...view.name]);',
  'use(view.name.replaceAll("a", "b"));',
  'if (view.suspended) use();',
  'text_ = view.expiresAt;',
  'text_ = view.expiresAt ?? "never";',
  'text_ = `${view.name}`.concat(view.expiresAt);',
  'record_ = view.labels;',
  'list_ = view.namespaces;',
  'list_ = [...view.namespaces];',
  'use(Object.keys(view.labels).map((key) => view.labels[key]));',
  'use(view.labels["a"]);',
  'use([...view.tolerations]);',
  'for (const toleration of view.tolerations) use(toleration);',
  'use(view.tolerations.map((toleration) => toleration));',
  'use(view.type === "ClusterIP");',
  'text_ = view.type;',
  'text_ = view.memory;',
  'use(view.memory + 1);',
  'use(when(view.name, 1));',
  'use(when(view.suspended, 1));',
  'use(not(view.labels));',
  'view.name = "other";',
] as const;

/** What constructs do instead. */
const USES = [
  'use(when(view.enabled, 1));',
  'use(choose(view.enabled, 1, 2));',
  'use(not(and(view.enabled, isSet(view.suspended))));',
  'use([1, ...when.item(view.enabled, 2)]);',
  'text_ = view.name;',
  'text_ = `lab-session-${view.name}`;',
  'text_ = orElse(view.expiresAt, "never");',
  'use(when(isSet(view.expiresAt), present(view.expiresAt)));',
  'use(merge(view.labels, { a: "b" }));',
  'use(map(view.labels));',
  'use(list(view.tolerations));',
  'use([...spread(view.tolerations)]);',
  'use(each(view.namespaces, (name) => ({ name })));',
  'use(is(view.type, "ClusterIP"));',
  'text_ = text(view.type);',
  'text_ = text(view.memory);',
  'use(asBoolean(view.readOnly));',
  'number_ = view.port + 1;',
] as const;

const HEAD = `
import { and, asBoolean, choose, each, is, isSet, list, map, merge, not, orElse, present, spread, text, type View, when } from '../../src';
interface Values {
  readonly enabled: boolean;
  readonly readOnly: boolean;
  readonly suspended?: boolean;
  readonly name: string;
  readonly expiresAt?: string;
  readonly port: number;
  readonly type: 'ClusterIP' | 'LoadBalancer';
  readonly memory: string | number;
  readonly labels: Record<string, string>;
  readonly namespaces: readonly string[];
  readonly tolerations: readonly { readonly key?: string }[];
}
declare const view: View<Values>;
declare const use: (...values: unknown[]) => void;
let text_: string;
let number_: number;
let record_: Record<string, string>;
let list_: string[];
export const used = () => [and, asBoolean, choose, each, is, isSet, list, map, merge, not, orElse, present, spread, text, when];
`.trimStart();

const MISUSED = join(__dirname, 'misuses.program.ts');
const USED = join(__dirname, 'uses.program.ts');
const program = programOf(
  new Map([
    [MISUSED, HEAD + MISUSES.join('\n')],
    [USED, HEAD + USES.join('\n')],
  ]),
);

it('the compiler refuses every misuse of a view and nothing else', () => {
  expect(Object.keys(errorsByLine(program, MISUSED))).toEqual([...MISUSES]);
});

it('the compiler accepts the combinators', () => {
  expect(errorsByLine(program, USED)).toEqual({});
});
