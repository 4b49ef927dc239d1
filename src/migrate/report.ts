import type { Difference } from './compare';
import type { MigratedSession, Migration } from './plan';
import { NOT_MIGRATED, migrationSteps } from './steps';

interface Group {
  readonly sessions: readonly MigratedSession[];
  readonly differences: readonly Difference[];
}

const NAMED = 5;

export function migrationLines(migration: Migration): string[] {
  return [
    ...migration.files.map(({ path }) => `new        ${path}`),
    ...migration.unchanged.map((path) => `unchanged  ${path}`),
    ...grouped(migration.sessions).flatMap(({ sessions, differences }) => [
      '',
      `${names(sessions)}: differences from the original`,
      ...byReason(differences),
    ]),
    '',
    'Steps, in this order:',
    ...migrationSteps(migration).flatMap(({ what, commands }, index) => [
      `${String(index + 1)}. ${what}`,
      ...commands.map((command) => `     ${command}`),
    ]),
    '',
    'Lost:',
    ...NOT_MIGRATED.map((what) => `- ${what}`),
  ];
}

function grouped(sessions: readonly MigratedSession[]): Group[] {
  const groups = new Map<string, { sessions: MigratedSession[]; differences: readonly Difference[] }>();
  for (const session of sessions) {
    const key = JSON.stringify(session.differences);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { sessions: [session], differences: session.differences });
    else group.sessions.push(session);
  }
  return Array.from(groups.values());
}

function names(sessions: readonly MigratedSession[]): string {
  const all = sessions.map(({ cohort, id }) => `${cohort}/${id}`);
  return all.length <= NAMED
    ? all.join(', ')
    : `${all.slice(0, NAMED).join(', ')} and ${String(all.length - NAMED)} more`;
}

function byReason(differences: readonly Difference[]): string[] {
  const reasons = new Map<string, Difference[]>();
  for (const difference of differences)
    reasons.set(difference.reason, [...(reasons.get(difference.reason) ?? []), difference]);
  return Array.from(reasons).flatMap(([reason, all]) => [`- ${reason}:`, ...all.map(differenceLine)]);
}

function differenceLine({ object, path, change, was, is }: Difference): string {
  const sides = [was === undefined ? '' : `was ${was}`, is === undefined ? '' : `is ${is}`].filter(
    (side) => side !== '',
  );
  return `    ${change.padEnd(7)}  ${object}${path === '' ? '' : ` ${path}`}${sides.length === 0 ? '' : `: ${sides.join(', ')}`}`;
}

export const migrationData = (migration: Migration) => ({
  files: [
    ...migration.files.map(({ path }) => ({ path, state: 'new' })),
    ...migration.unchanged.map((path) => ({ path, state: 'unchanged' })),
  ],
  sessions: migration.sessions,
  problems: migration.problems,
  steps: migration.sessions.length === 0 ? [] : migrationSteps(migration, Infinity),
  lost: migration.sessions.length === 0 ? [] : NOT_MIGRATED,
});
