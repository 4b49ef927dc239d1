import type { PodEffect } from '../changes/pod-effect';
import type { Report } from '../changes/report';
import type { ChangedSessions } from '../changes/session-changes';
import {
  code,
  contents,
  firstOf,
  MOST_NAMES,
  MOST_ROWS,
  nameList,
  countText,
  shortTable,
  titledSection,
} from './markdown-text';

const MOST_VALUES = 3;

export function addedSection({ sessions: { added } }: Report): string[] {
  const rows = added.map(({ cohort, id, user, lab, expiresAt = '', isSuspended, wasInvalid, values }) => [
    code(`${cohort}/${id}`),
    code(user),
    code(lab),
    expiresAt,
    nameList(
      values.map(({ path, value }) => `${path}=${value}`),
      MOST_VALUES,
    ),
    [
      ...(isSuspended ? ['suspended'] : []),
      ...(wasInvalid ? ['its file existed, but was not valid or not synthesized'] : []),
    ].join(', '),
  ]);
  if (rows.length === 0) return [];
  return titledSection(
    countText(added.length, 'new session'),
    shortTable(['session', 'user', 'lab', 'ends', 'own values', 'note'], rows, 'session'),
  );
}

export function changedSection({ sessions: { changed } }: Report): string[] {
  const total = changed.reduce((sum, { sessions }) => sum + sessions.length, 0);
  const { shown, more } = firstOf(changed, MOST_ROWS);
  const rest = changed.slice(MOST_ROWS).reduce((sum, { sessions }) => sum + sessions.length, 0);
  return titledSection(total === 0 ? '' : `${countText(total, 'session')} ${total === 1 ? 'changes' : 'change'}`, [
    ...shown.flatMap(changedLines),
    ...(more === 0 ? [] : [`… and ${countText(rest, 'more session')} in ${countText(more, 'other change')}.`]),
  ]);
}

function changedLines({ sessions, changes, effect }: ChangedSessions): string[] {
  const cohorts = new Set(sessions.map(({ cohort }) => cohort)).size;
  const spread = cohorts > 1 && sessions.length > MOST_NAMES ? ` in ${countText(cohorts, 'cohort')}` : '';
  const rows = changes.map(({ path, before, after }) => [code(path), code(before), code(after)]);
  return [
    `${nameList(sessions.map(({ cohort, id }) => `${cohort}/${id}`))}${spread}: ${effectText(effect)}`,
    '',
    ...(rows.length === 0 ? [withoutChanges(effect)] : shortTable(['value', 'before', 'after'], rows, 'value')),
    '',
  ];
}

const withoutChanges = ({ kind }: PodEffect): string =>
  kind === 'is recreated'
    ? 'The delivery of its cohort changes.'
    : 'Its files do not change, but their manifests do, as with another version of Dozlab.';

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
    movedTo === undefined ? '' : `moved to ${code(movedTo)} as a new session`,
  ]);
  if (rows.length === 0) return [];
  return titledSection(
    `${countText(ended.length, 'session')} ${ended.length === 1 ? 'ends' : 'end'}`,
    shortTable(['session', 'user', 'lab', 'lost', 'note'], rows, 'session'),
  );
}

/** @returns markup */
export function effectText({ kind, lost, kept, refused }: PodEffect): string {
  const keeps = kept.length === 0 ? '' : `; claims keep: ${contents(kept)}`;
  const loses = lost.length === 0 ? '' : ` and loses: ${contents(lost)}`;
  switch (kind) {
    case 'runs on':
      return lost.length === 0
        ? 'its pod does not change; no data is lost'
        : `**its pod does not change${loses}**${keeps}`;
    case 'starts':
      return loses === '' ? 'starts' : `**starts${loses}**${keeps}`;
    case 'restarts':
      return `**restarts${loses}**${loses + keeps === '' ? '; its volumes stay' : keeps}`;
    case 'stops':
      return `**stops${loses}**${keeps}`;
    case 'is recreated':
      return `**is recreated${loses}**${keeps}`;
    case 'cannot change':
      return `**cannot change**: ${refused === 'PersistentVolumeClaim' ? REFUSED_CLAIM : REFUSED_POD}`;
  }
}

const REFUSED_POD =
  'Kubernetes does not change a Pod without a Deployment. Fix: end the session first, or use another id';
const REFUSED_CLAIM =
  'Kubernetes does not shrink a claim or change its class or access modes. Fix: end the session first, or use another id';
