import { grouped } from '../schema/grouped';
import { resourceWords } from './resource-words';
import { quantityOf, type Amounts } from '../infra/pod-requests';
import { CLAIM } from './claims';
import { moneyText, type Cost } from './cost';
import { code, firstOf, folded, markdownTable } from './markdown-text';
import type { PodEffect } from './pod-effect';
import type { Report } from './report';
import type { ChangedSessions } from './session-changes';

/** Parts of a report in Markdown, each as lines; empty when there is nothing to say. */

/** Rows of a table and names in a sentence that are shown; more are counted. */
const MOST_ROWS = 20;
const MOST_NAMES = 5;
const MOST_VALUES = 3;

/** A number as people read it: `10,000`. */
export const numberText = (number: number): string => new Intl.NumberFormat('en-US').format(number);

export const plural = (number: number, noun: string): string =>
  `${numberText(number)} ${noun}${number === 1 ? '' : 's'}`;

/** A table of the first rows, with the number of the others below it. */
function shortTable(headings: readonly string[], rows: readonly (readonly string[])[], noun: string): string[] {
  const { shown, more } = firstOf(rows, MOST_ROWS);
  const isUsed = (_: string, column: number): boolean => shown.some((row) => row[column] !== '');
  const columns = shown.map((row) => row.filter((cell, column) => isUsed(cell, column)));
  return [
    ...markdownTable(headings.filter(isUsed), columns),
    ...(more === 0 ? [] : ['', `… and ${plural(more, `more ${noun}`)}.`]),
  ];
}

function names(all: readonly string[], most = MOST_NAMES): string {
  const { shown, more } = firstOf(all, most);
  const list = shown.map(code).join(', ');
  return more === 0 ? list : `${list} and ${numberText(more)} more`;
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`### ${title}`, '', ...lines, ''];

/** What becomes of a pod, in words. */
export function effectText({ kind, lost, kept, refused }: PodEffect): string {
  const keeps = kept.length === 0 ? '' : `; claims keep: ${contents(kept)}`;
  const loses = lost.length === 0 ? '' : ` and loses: ${contents(lost)}`;
  switch (kind) {
    case 'runs on':
      return lost.length === 0
        ? 'its pod stays as it is: nothing is lost'
        : `**goes on without what is in its claims${loses}**${keeps}`;
    case 'starts':
      return loses === '' ? 'starts' : `**starts${loses}**${keeps}`;
    case 'restarts':
      return `**restarts${loses}**${loses + keeps === '' ? '; what is in its volumes stays' : keeps}`;
    case 'stops':
      return `**stops${loses}**${keeps}`;
    case 'is made anew':
      return `**is made anew${loses}**${keeps}`;
    case 'cannot change':
      return `**cannot change**: the cluster refuses it, ${refused === CLAIM ? REFUSED_CLAIM : REFUSED_POD}`;
  }
}

/** What is in volumes. Those that are not ours have any name. */
const contents = (all: readonly string[]): string =>
  all.map((each) => (/^[A-Za-z -]+$/.test(each) ? each : code(each))).join(', ');

const REFUSED_POD = 'as the session is a Pod without a Deployment; end it first, or give it another id';
const REFUSED_CLAIM =
  'as a claim keeps its storage class and access modes, and never shrinks; end the session first, or give it another id';

export function addedSection({ sessions: { added } }: Report): string[] {
  const rows = added.map(({ cohort, id, user, lab, expiresAt = '', isSuspended, wasInvalid, values }) => [
    code(`${cohort}/${id}`),
    code(user),
    code(lab),
    expiresAt,
    names(
      values.map(({ path, value }) => `${path}=${value}`),
      MOST_VALUES,
    ),
    [
      ...(isSuspended ? ['suspended'] : []),
      ...(wasInvalid ? ['its file was there, but not valid or not synthesized'] : []),
    ].join(', '),
  ]);
  if (rows.length === 0) return [];
  return section(
    plural(added.length, 'new session'),
    shortTable(['session', 'user', 'lab', 'ends', 'values of its own', 'note'], rows, 'session'),
  );
}

export function changedSection({ sessions: { changed } }: Report): string[] {
  const total = changed.reduce((sum, { sessions }) => sum + sessions.length, 0);
  const { shown, more } = firstOf(changed, MOST_ROWS);
  const rest = changed.slice(MOST_ROWS).reduce((sum, { sessions }) => sum + sessions.length, 0);
  return section(total === 0 ? '' : `${plural(total, 'session')} ${total === 1 ? 'changes' : 'change'}`, [
    ...shown.flatMap(changedLines),
    ...(more === 0 ? [] : [`… and ${plural(rest, 'more session')} in ${plural(more, 'other change')}.`]),
  ]);
}

function changedLines({ sessions, changes, effect }: ChangedSessions): string[] {
  const cohorts = new Set(sessions.map(({ cohort }) => cohort)).size;
  const spread = cohorts > 1 && sessions.length > MOST_NAMES ? ` in ${plural(cohorts, 'cohort')}` : '';
  const rows = changes.map(({ path, before, after }) => [code(path), code(before), code(after)]);
  return [
    `${names(sessions.map(({ cohort, id }) => `${cohort}/${id}`))}${spread}: ${effectText(effect)}`,
    '',
    ...(rows.length === 0 ? [withoutChanges(effect)] : shortTable(['value', 'before', 'after'], rows, 'value')),
    '',
  ];
}

const withoutChanges = ({ kind }: PodEffect): string =>
  kind === 'is made anew'
    ? 'Its cohort is delivered in another way.'
    : 'Its files say the same: what is generated of them is another, as by another version of Dozlab.';

function lostText(lost: readonly string[], kept: readonly string[]): string {
  if (lost.length === 0) return 'nothing';
  return kept.length === 0 ? 'everything' : `${contents(lost)}; not: ${contents(kept)}`;
}

export function endedSection({ sessions: { ended } }: Report): string[] {
  const rows = ended.map(({ cohort, id, user, lab, lost, kept, movedTo }) => [
    code(`${cohort}/${id}`),
    code(user),
    code(lab),
    lostText(lost, kept),
    movedTo === undefined ? '' : `a new one of that name is in ${code(movedTo)}`,
  ]);
  if (rows.length === 0) return [];
  return section(
    `${plural(ended.length, 'session')} ${ended.length === 1 ? 'ends' : 'end'}`,
    shortTable(['session', 'user', 'lab', 'lost', 'note'], rows, 'session'),
  );
}

export function cohortSection({ cohorts }: Report): string[] {
  const touched = cohorts.filter(({ change, before, after }) => change !== 'same' || before !== after);
  const rows = touched.map(({ cohort, change, namespace, before, after, settings }) => [
    code(cohort),
    code(namespace),
    change === 'same' ? '' : change,
    change === 'new' ? '' : String(before),
    change === 'removed' ? '' : String(after),
    settings.map(code).join(', '),
  ]);
  if (rows.length === 0) return [];
  return section(
    'Cohorts',
    shortTable(['cohort', 'namespace', 'change', 'sessions before', 'after', 'settings'], rows, 'cohort'),
  );
}

export function imageSection({ images }: Report): string[] {
  const rows = images.map(({ of, before, after, sessions }) => [
    code(of),
    before === undefined ? 'new here' : code(before),
    code(after),
    String(sessions),
  ]);
  return rows.length === 0
    ? []
    : section('Images and root file systems', shortTable(['of', 'before', 'after', 'sessions'], rows, 'image'));
}

export function privilegeSection({ privileges: { gained, dropped, policies, ofNew } }: Report): string[] {
  const row = (change: string) => (each: { privilege: string; sessions: number }) => [
    change,
    code(each.privilege),
    each.sessions === 0 ? '' : String(each.sessions),
  ];
  const rows = [
    ...gained.map(row('**gained**')),
    ...Array.from(
      grouped(policies, ({ object, change }) => `${change} ${object.split(' ', 1).join('')}`).values(),
      (alike) => [
        alike[0]?.change === 'new' ? 'new' : `**${alike[0]?.change ?? ''}**`,
        names(alike.map(({ object }) => object)),
        '',
      ],
    ),
    ...dropped.map(row('dropped')),
  ];
  const rare = ofNew.map(({ privilege, sessions }) => [code(privilege), String(sessions)]);
  return section('Privileges', [
    ...(rows.length === 0 ? [] : [...shortTable(['change', 'privilege', 'sessions'], rows, 'privilege'), '']),
    ...(rare.length === 0
      ? []
      : folded(
          'What new sessions may do, and no session here could before',
          shortTable(['privilege', 'sessions'], rare, 'privilege'),
        )),
  ]);
}

export function secretSection({ secrets }: Report): string[] {
  const rows = secrets.map(({ cohort, id, secret, provider, change }) => [
    code(`${cohort}/${id}`),
    code(secret),
    provider,
    change,
  ]);
  if (rows.length === 0) return [];
  return section('Secrets', [
    ...folded(
      `${plural(rows.length, 'Secret')}, by name`,
      shortTable(['session', 'Secret', 'provider', 'change'], rows, 'Secret'),
    ),
  ]);
}

/** Kinds whose removal takes data or everything below with it. */
const GRAVE = ['Namespace', 'PersistentVolumeClaim'];

export function prunedSection({ pruned }: Report): string[] {
  const kinds = Array.from(new Set(pruned.map(({ kind }) => kind))).sort(
    (one, other) => Number(GRAVE.includes(other)) - Number(GRAVE.includes(one)) || (one < other ? -1 : 1),
  );
  const rows = kinds.flatMap((kind) =>
    [false, true].flatMap((stays) => {
      const objects = pruned.filter((object) => object.kind === kind && object.stays === stays);
      if (objects.length === 0) return [];
      const all = objects.map(({ namespace, name }) => (namespace === undefined ? name : `${namespace}/${name}`));
      return [
        [
          GRAVE.includes(kind) ? `**${kind}**` : /^\w+$/.test(kind) ? kind : code(kind),
          String(all.length),
          names(all),
          stays ? 'stays in the cluster' : '',
        ],
      ];
    }),
  );
  return rows.length === 0
    ? []
    : section('Removed from the cluster', shortTable(['kind', 'count', 'objects', 'note'], rows, 'kind'));
}

export function chartSection({ chart }: Report): string[] {
  if (chart === undefined) return [];
  const { before, after, files, cohorts } = chart;
  const followers = cohorts.length === 0 ? 'No cohort follows it.' : `Releases of ${names(cohorts)} are upgraded.`;
  return section('Chart', [
    `lab-session ${code(before)} → ${code(after)}; ${plural(files.length, 'file')} of it ${files.length === 1 ? 'differs' : 'differ'}: ${names(files)}. ${followers}`,
  ]);
}

const RESOURCES = ['cpu', 'memory', 'ephemeral-storage'];

const change = (before: string, after: string): string => (before === after ? after : `${before} → **${after}**`);

/** What each cohort asks for and may ask for, before and after. */
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
    ['sessions to run', String(before.capacity.total.running), String(after.capacity.total.running)],
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
  return section('Capacity and cost', [
    ...(rows.length === 0 ? ['What all sessions ask for stays the same.', ''] : []),
    ...(rows.length === 0 ? [] : [...markdownTable(['all sessions', 'before', 'after'], rows), '']),
    ...(quota.length === 0
      ? []
      : [...shortTable(['quota of', 'resource', 'before', 'after', 'of', ''], quota, 'resource'), '']),
    ...costLines(cost),
    ...nodeLines(after),
  ]);
}

function totals(before: Amounts, after: Amounts): [string, string, string][] {
  const known = Array.from(new Set([...before.keys(), ...after.keys()]));
  const ordered = [
    ...RESOURCES.filter((name) => known.includes(name)),
    ...known.filter((name) => !RESOURCES.includes(name)).sort(),
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

/** What each class asks for and costs whose share changes. */
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
    ...shortTable(['cohort', 'sessions to run', 'CPU requests', 'memory requests', ...money], rows, 'cohort'),
    '',
  ];
}

function nodeLines({ placement }: Report['after']): string[] {
  if (placement === undefined) return [];
  const { nodes, sessions, placed } = placement;
  return [
    '',
    `Of ${plural(sessions, 'session')}, ${String(placed)} ${placed === 1 ? 'has' : 'have'} room on ${plural(nodes, 'node')}.`,
  ];
}
