import { quantityOf, quantityWithin } from '../model/pod-requests';
import type { CapacityReport } from '../capacity/capacity-report';
import { moneyText, type Cost } from '../capacity/cost';
import type { Demand } from '../capacity/capacity';
import type { LabRoom } from '../capacity/project-state';
import { plural } from '../core/text';
import { table } from './format';

export const capacityLines = (report: CapacityReport): string[] => [
  ...[demandTable(report), ...quotaTables(report), nodeTable(report), roomTable(report), costTable(report)]
    .filter((lines) => lines.length > 0)
    .flatMap((lines) => [...lines, '']),
  ...(report.verdict.fits !== false
    ? [report.verdict.text]
    : ['does not fit', ...report.verdict.reasons.map(({ text }) => `- ${text}`)]),
  ...report.warnings.map((text) => `warning: ${text}`),
];

const MEASURED = ['cpu', 'memory', 'ephemeral-storage'] as const;

function demandTable({ capacity: { total, cohorts } }: CapacityReport): string[] {
  const rows = cohorts.flatMap(({ cohort, labs }) => labs.map((lab) => demandRow(cohort, lab.lab, lab)));
  const all = rows.length > 1 ? [demandRow('all', '', total)] : [];
  return [
    'Requests/limits of sessions that are not suspended',
    ...table(['COHORT', 'LAB', 'SESSIONS', 'CPU', 'MEMORY', 'DISK'], [...rows, ...all]),
  ];
}

const demandRow = (cohort: string, lab: string, { running, suspended, requests, limits }: Demand): string[] => [
  ...[cohort, lab, suspended === 0 ? String(running) : `${String(running)} (${String(suspended)} off)`],
  ...MEASURED.map((resource) => {
    const [asked, most] = [requests, limits].map((amounts) => amounts.get(resource));
    const text = (amount: bigint | undefined): string => (amount === undefined ? '-' : quantityOf(resource, amount));
    return resource === 'ephemeral-storage' ? text(asked) : `${text(asked)}/${text(most)}`;
  }),
];

const quotaTables = ({ capacity: { namespaces } }: CapacityReport): string[][] =>
  namespaces
    .filter(({ resources }) => resources.length > 0)
    .map(({ namespace, resources }) => [
      `Quota of ${namespace}`,
      ...table(
        ['RESOURCE', 'USED', 'LIMIT', 'LEFT'],
        resources.map(({ resource, hard, state, used, left }) => [
          resource,
          used === undefined ? state : quantityOf(resource, used),
          quantityOf(resource, hard),
          left === undefined ? '' : quantityWithin(resource, left),
        ]),
      ),
    ]);

function nodeTable({ placement }: CapacityReport): string[] {
  if (placement === undefined) return [];
  const { nodes, sessions, placed, resources, uncounted } = placement;
  const rows = resources.map(({ resource, allocatable, taken, sessions: asked, free }) => [
    resource,
    quantityWithin(resource, allocatable),
    quantityOf(resource, taken),
    quantityOf(resource, asked),
    quantityWithin(resource, free),
  ]);
  return [
    `${plural(nodes, 'node')}: ${String(placed)} of ${plural(sessions, 'session')} fit`,
    ...(rows.length === 0 ? [] : table(['RESOURCE', 'ALLOCATABLE', 'OTHERS', 'SESSIONS', 'FREE'], rows)),
    ...(uncounted.length === 0 ? [] : [`Not counted: ${uncounted.join(', ')}`]),
  ];
}

function roomTable({ capacity, placement }: CapacityReport): string[] {
  const inQuota = capacity.namespaces.flatMap(({ room }) => room);
  const onNodes = new Map((placement?.room ?? []).map((room) => [keyOf(room), room]));
  const rows = inQuota.flatMap((quota) => {
    const nodes = onNodes.get(keyOf(quota));
    if (quota.sessions === undefined && nodes === undefined) return [];
    const isByNodes = nodes !== undefined && (nodes.sessions ?? 0) < (quota.sessions ?? Infinity);
    const least = isByNodes ? nodes : quota;
    return [[quota.cohort, quota.lab, numberOf(quota), numberOf(nodes), least.limitedBy.map(shortName).join(', ')]];
  });
  if (rows.length === 0) return [];
  return ['How many more sessions fit', ...table(['COHORT', 'LAB', 'QUOTA', 'NODES', 'LIMITED BY'], rows)];
}

const shortName = (resource: string): string => resource.replace(/^requests\./, '').replace(/^.*\//, '');

const keyOf = ({ cohort, lab }: LabRoom): string => JSON.stringify([cohort, lab]);

const numberOf = (room: LabRoom | undefined): string => (room?.sessions === undefined ? '-' : String(room.sessions));

function costTable({ cost: { total, perTen, cohorts }, prices }: CapacityReport): string[] {
  if (prices === undefined || perTen === undefined) return [];
  const row = (name: string, { sessions, cpu, memory, money = 0 }: Cost): string[] => [
    ...[name, String(sessions), quantityOf('cpu', cpu), quantityOf('memory', memory), moneyText(money, prices)],
  ];
  const rows = Array.from(cohorts, ([cohort, cost]) => row(cohort, cost));
  const all = rows.length > 1 ? [row('all', total)] : [];
  return [
    `Cost of the requests, ${String(prices.hours)} hours a month`,
    ...table(['COHORT', 'SESSIONS', 'CPU', 'MEMORY', 'A MONTH'], [...rows, ...all, row('10 users', perTen)]),
  ];
}
