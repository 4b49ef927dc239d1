import { grouped } from '../../core/group-by';
import type { Report } from '../changes/report';
import { code, folded, nameList, countText, shortTable, titledSection } from './markdown-text';

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
  return titledSection(
    'Cohorts',
    shortTable(['cohort', 'namespace', 'change', 'sessions before', 'after', 'settings'], rows, 'cohort'),
  );
}

export function imageSection({ images }: Report): string[] {
  const rows = images.map(({ of, before, after, sessions }) => [
    code(of),
    before === undefined ? 'new' : code(before),
    code(after),
    String(sessions),
  ]);
  return rows.length === 0
    ? []
    : titledSection('Images and root file systems', shortTable(['of', 'before', 'after', 'sessions'], rows, 'image'));
}

export function privilegeSection({ privileges: { gained, dropped, ofNew } }: Report): string[] {
  const row = (change: string) => (each: { privilege: string; sessions: number }) => [
    change,
    code(each.privilege),
    each.sessions === 0 ? '' : String(each.sessions),
  ];
  const rows = [...gained.map(row('**gained**')), ...dropped.map(row('dropped'))];
  const rare = ofNew.map(({ privilege, sessions }) => [code(privilege), String(sessions)]);
  return titledSection('Privileges', [
    ...(rows.length === 0 ? [] : [...shortTable(['change', 'privilege', 'sessions'], rows, 'privilege'), '']),
    ...(rare.length === 0
      ? []
      : folded(
          'Privileges of new sessions that no session had before',
          shortTable(['privilege', 'sessions'], rare, 'privilege'),
        )),
  ]);
}

/** Objects that only their text explains are listed as new or changed. */
export function protectionSection({ risks: { protection }, privileges: { policies } }: Report): string[] {
  const told = new Set(protection.flatMap(({ objects }) => objects.map((object) => object.split(': ', 1).join(''))));
  const others = policies.filter(({ object, change }) => change !== 'removed' && !told.has(object));
  const row = (change: string, kind: string, objects: readonly string[], sessions: number): string[] => [
    change,
    kind,
    String(objects.length),
    sessions === 0 ? '' : String(sessions),
    nameList(objects.map((object) => object.replace(`${kind} `, ''))),
  ];
  const groups = grouped(others, ({ object, change }) => `${change} ${kindOf(object)}`);
  const rows = [
    ...protection.map(({ change, kind, objects, reach }) => row(`**${change}**`, kind, objects, reach.sessions)),
    ...Array.from(groups.values(), (group) =>
      row(
        group[0]?.change ?? '',
        kindOf(group[0]?.object ?? ''),
        group.map(({ object }) => object),
        0,
      ),
    ),
  ];
  return rows.length === 0
    ? []
    : titledSection('Protection', shortTable(['change', 'kind', 'count', 'sessions', 'objects'], rows, 'change'));
}

const kindOf = (object: string): string => object.split(' ', 1).join('');

export function secretSection({ secrets }: Report): string[] {
  if (secrets.length === 0) return [];
  const groups = grouped(secrets, ({ provider, change }) => `${provider} ${change}`);
  const rows = Array.from(groups.values(), (group) => [
    group[0]?.change ?? '',
    group[0]?.provider ?? '',
    String(group.length),
    nameList(group.map(({ cohort, id, secret }) => `${cohort}/${id}: ${secret}`)),
  ]);
  return titledSection('Secrets', shortTable(['change', 'provider', 'count', 'session and Secret'], rows, 'change'));
}

/** Their removal deletes data or other objects. */
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
          nameList(all),
          stays ? 'stays in the cluster' : '',
        ],
      ];
    }),
  );
  return rows.length === 0
    ? []
    : titledSection('Removed from the cluster', shortTable(['kind', 'count', 'objects', 'note'], rows, 'kind'));
}

export function chartSection({ chart }: Report): string[] {
  if (chart === undefined) return [];
  const { before, after, files, cohorts } = chart;
  const followers =
    cohorts.length === 0 ? 'No cohort follows it.' : `Helm upgrades the releases of ${nameList(cohorts)}.`;
  return titledSection('Chart', [
    `lab-session ${code(before)} → ${code(after)}; ${countText(files.length, 'file')} of it ${files.length === 1 ? 'differs' : 'differ'}: ${nameList(files)}. ${followers}`,
  ]);
}
