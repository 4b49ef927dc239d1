import { App, Chart } from 'cdk8s';
import {
  and,
  asBoolean,
  choose,
  concreteView,
  each,
  entry,
  equals,
  hasItem,
  include,
  is,
  isEmpty,
  isSet,
  list,
  map,
  mapFunction,
  merge,
  named,
  not,
  numberFunction,
  optional,
  or,
  orElse,
  overlay,
  present,
  quantities,
  quantity,
  spread,
  text,
  textFunction,
  when,
} from '../../src';

interface Values {
  readonly on: boolean;
  readonly off: boolean;
  readonly name: string;
  readonly mode: 'dev' | 'prod';
  readonly memory: string | number;
  readonly host?: string | null;
  readonly missing?: string | null;
  readonly count?: number;
  readonly missingCount?: number;
  readonly missingBool?: boolean;
  readonly limits?: { readonly cpu: string };
  readonly labels: Record<string, string>;
  readonly more: Record<string, string>;
  readonly amounts: Record<string, string | number>;
  readonly none: Record<string, string>;
  readonly ports: readonly { readonly name: string; readonly port: number }[];
  readonly empty: readonly string[];
}

const view = concreteView<Values>({
  on: true,
  off: false,
  name: 'shop',
  mode: 'dev',
  memory: 5e8,
  host: 'a.b',
  missing: null,
  count: 3,
  limits: { cpu: '1' },
  labels: { team: 'x', app: 'y' },
  more: { team: 'z' },
  amounts: { cpu: 1, memory: '1Gi' },
  none: {},
  ports: [
    { name: 'web', port: 80 },
    { name: 'admin', port: 81 },
  ],
  empty: [],
});

const upper = textFunction('upperConcrete', (value: string, end?: string) => value.toUpperCase() + (end ?? ''), '');
const half = numberFunction('halfConcrete', (value: number, less?: number) => Math.ceil(value / 2) - (less ?? 0), '');
const hasTeam = mapFunction('hasTeamConcrete', (labels: Readonly<Record<string, string>>) => 'team' in labels, '');

it.each<[string, unknown, unknown]>([
  ['when of a condition that holds', when(view.on, 1), 1],
  ['when of a condition that does not hold', when(view.off, 1), undefined],
  ['when with a function', when(isSet(view.limits), () => present(view.limits).cpu), '1'],
  ['when.item that holds', when.item(view.on, 1), [1]],
  ['when.item that does not hold', when.item(view.off, 1), []],
  ['when.entries that holds', when.entries(view.on, { a: 1 }), { a: 1 }],
  ['when.entries that does not hold', when.entries(view.off, { a: 1 }), {}],
  ['choose of a condition that holds', choose(view.on, 1, () => 2), 1],
  ['choose of a condition that does not hold', choose(view.off, 1, () => 2), 2],
  ['and', [asBoolean(and(view.on, view.on)), asBoolean(and(view.on, view.off))], [true, false]],
  ['or', [asBoolean(or(view.off, view.on)), asBoolean(or(view.off, view.off))], [true, false]],
  ['not', [asBoolean(not(view.off)), asBoolean(not(view.on))], [true, false]],
  ['equals', [asBoolean(equals(view.name, 'shop')), asBoolean(equals(view.name, 'x'))], [true, false]],
  ['is', [asBoolean(is(view.mode, 'dev')), asBoolean(is(view.mode, 'prod'))], [true, false]],
  ['isSet', [view.host, view.missing, view.missingCount].map((value) => asBoolean(isSet(value))), [true, false, false]],
  ['text of an enum', text(view.mode), 'dev'],
  ['text of a number', text(view.memory), '500000000'],
  ['quantity', quantity(view.memory).value, '500000000'],
  ['orElse of a value', orElse(view.host, 'none'), 'a.b'],
  ['orElse of null', orElse(view.missing, 'none'), 'none'],
  ['orElse of an absent number', orElse(view.missingCount, '0'), '0'],
  ['orElse of an absent number by a number', orElse(view.missingCount, 7), 7],
  ['orElse of a number by a number', orElse(view.count, 7), 3],
  ['orElse of a number by text', orElse(view.count, '7'), '3'],
  ['orElse of an absent boolean', asBoolean(orElse(view.missingBool, true)), true],
  ['optional of a value', optional(view.limits), { cpu: '1' }],
  ['optional of null', optional(view.missing), undefined],
  ['each', each(view.ports, ({ name, port }) => `${name}:${String(port)}`), ['web:80', 'admin:81']],
  ['each without items that are not made', each(view.ports, ({ name }) => when(equals(name, 'web'), 1)), [1]],
  ['spread', [0, ...spread(view.ports)].length, 3],
  ['list', list(view.ports)?.length, 2],
  ['list of no items', list(view.empty), undefined],
  ['isEmpty', [asBoolean(isEmpty(view.empty)), asBoolean(isEmpty(view.ports))], [true, false]],
  ['hasItem', ['web', 'x'].map((name) => asBoolean(hasItem(view.ports, 'name', name))), [true, false]],
  ['map', map(view.labels), { team: 'x', app: 'y' }],
  ['map without entries', map(view.none), undefined],
  ['merge', merge(view.labels, { app: 'web' }), { team: 'x', app: 'web' }],
  ['merge of nothing', merge(view.none, {}), undefined],
  ['overlay', map(overlay(view.labels, view.more)), { team: 'z', app: 'y' }],
  ['entry', orElse(entry(view.labels, 'team'), 'none'), 'x'],
  ['entry of a key that no map has', orElse(entry(view.labels, 'toString'), 'none'), 'none'],
  [
    'quantities',
    Object.entries(quantities(view.amounts, { cpu: '2' }) ?? {}).map(([key, { value }]) => [key, value]),
    [
      ['cpu', '2'],
      ['memory', '1Gi'],
    ],
  ],
  ['quantities without entries', quantities(view.none), undefined],
  ['named', named('part', { a: 1 }), { a: 1 }],
  ['a text function', [upper(view.name), upper(view.name, '!')], ['SHOP', 'SHOP!']],
  ['a number function', [half(orElse(view.count, 0)), half(5, view.missingCount)], [2, 3]],
  ['a map function', [view.labels, view.none].map((labels) => asBoolean(hasTeam(labels))), [true, false]],
])('%s', (_, value, expected) => {
  expect(value).toEqual(expected);
});

it('include builds only if the condition holds', () => {
  const build = jest.fn();
  const scope = new Chart(new App(), 'c');
  include(scope, view.off, build);
  expect(build).not.toHaveBeenCalled();
  include(scope, view.on, build);
  expect(build).toHaveBeenCalledTimes(1);
});
