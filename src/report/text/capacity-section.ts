import { capacityWarnings } from '../../capacity/capacity-report';
import { quantityOf, type Amounts } from '../../model/pod-requests';
import { moneyText, type Cost } from '../../capacity/cost';
import { resourceWords } from '../../capacity/verdict';
import type { Report } from '../changes/report';
import { code, markdownTable, numberText, countText, shortTable, titledSection } from './markdown-text';

const RESOURCES = ['cpu', 'memory', 'ephemeral-storage'];

const change = (before: string, after: string): string => (before === after ? after : `${before} → **${after}**`);

export function capacitySection({ before, after, cost }: Report): string[] {
  const usages = after.capacity.namespaces.flatMap(({ namespace, resources }) => {
    const old = before.capacity.namespaces.find((each) => each.namespace === namespace)?.resources ?? [];
    return resources.map((is) => ({ namespace, is, was: old.find(({ resource }) => resource === is.resource) }));
  });
  const quota = usages
    .filter(({ is, was }) => is.used !== undefined && (is.used !== was?.used || is.hard !== was.hard))
    .map(({ namespace, is, was }) => {
      const text = (amount: bigint | undefined): string =>
        amount === undefined ? 'no quota' : quantityOf(is.resource.replace(/^(requests|limits)\./, ''), amount);
      const isOver = (is.used ?? 0n) > is.hard;
      return [
        code(namespace),
        resourceWords(is.resource),
        text(was?.used),
        isOver ? `**${text(is.used)}**` : text(is.used),
        was === undefined || was.hard === is.hard ? text(is.hard) : change(text(was.hard), text(is.hard)),
        isOver ? '**does not fit**' : 'fits',
      ];
    });
  const amounts = (of: 'requests' | 'limits', prefix: string): string[][] =>
    totals(before.capacity.total[of], after.capacity.total[of]).map(([name, was, is]) => [
      resourceWords(`${prefix}${name}`),
      was,
      is,
    ]);
  const rows = [
    ['running sessions', String(before.capacity.total.running), String(after.capacity.total.running)],
    ...amounts('requests', ''),
    ...amounts('limits', 'limits.').filter(([name = '']) => !name.includes('devices')),
    ['claims', String(before.capacity.total.claims), String(after.capacity.total.claims)],
    [
      'storage of claims',
      quantityOf('storage', before.capacity.total.storage),
      quantityOf('storage', after.capacity.total.storage),
    ],
    ...costRows(cost.total.before, cost.total.after, cost),
  ].filter(([, was, is]) => was !== is);
  return titledSection('Capacity and cost', [
    ...(rows.length === 0 ? ['The requests of all sessions stay the same.', ''] : []),
    ...(rows.length === 0 ? [] : [...markdownTable(['all sessions', 'before', 'after'], rows), '']),
    ...(quota.length === 0
      ? []
      : [...shortTable(['quota of', 'resource', 'before', 'after', 'of', ''], quota, 'resource'), '']),
    ...costLines(cost),
    ...nodeLines(after),
  ]);
}

function totals(before: Amounts, after: Amounts): [string, string, string][] {
  const names = Array.from(new Set([...before.keys(), ...after.keys()]));
  const ordered = [
    ...RESOURCES.filter((name) => names.includes(name)),
    ...names.filter((name) => !RESOURCES.includes(name)).sort(),
  ];
  return ordered.map((name) => [
    name,
    quantityOf(name, before.get(name) ?? 0n),
    quantityOf(name, after.get(name) ?? 0n),
  ]);
}

function costRows(before: Cost, after: Cost, { prices }: Report['cost']): string[][] {
  if (prices === undefined || before.money === undefined || after.money === undefined) return [];
  return [['money a month', moneyText(before.money, prices), moneyText(after.money, prices)]];
}

function costLines({ cohorts, prices }: Report['cost']): string[] {
  const text = (cost: Cost | undefined): string[] => [
    numberText(cost?.sessions ?? 0),
    quantityOf('cpu', cost?.cpu ?? 0n),
    quantityOf('memory', cost?.memory ?? 0n),
    ...(prices === undefined ? [] : [moneyText(cost?.money ?? 0, prices)]),
  ];
  const rows = cohorts
    .map(({ cohort, before, after }) => ({ cohort, was: text(before), is: text(after) }))
    .filter(({ was, is }) => was.join() !== is.join())
    .map(({ cohort, was, is }) => [code(cohort), ...is.map((each, index) => change(was[index] ?? '', each))]);
  if (rows.length === 0) return [];
  const money = prices === undefined ? [] : ['money a month'];
  return [
    ...shortTable(['cohort', 'running sessions', 'CPU requests', 'memory requests', ...money], rows, 'cohort'),
    '',
  ];
}

function nodeLines({ placement }: Report['after']): string[] {
  if (placement === undefined) return [];
  const { nodes, sessions, placed } = placement;
  return [
    '',
    `${String(placed)} of ${countText(sessions, 'session')} ${placed === 1 ? 'fits' : 'fit'} on ${countText(nodes, 'node')}.`,
    ...capacityWarnings(placement).flatMap((warning) => ['', `Warning: ${warning}.`]),
  ];
}
