import { contents, effectText } from './effect-text';
import { code, firstOf } from './markdown-text';
import type { PodEffect } from '../changes/pod-effect';
import type { Report } from '../changes/report';
import { MOST_NAMES, MOST_ROWS, names, plural, section, shortTable } from './section';
import type { ChangedSessions } from '../changes/session-changes';

/** What becomes of sessions, in Markdown: each part as lines, empty when there is nothing to say. */

/** Values of a new session that are shown. */
const MOST_VALUES = 3;

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
