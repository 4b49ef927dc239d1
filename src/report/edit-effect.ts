import type { ProjectState } from '../capacity/project-state';
import { plural } from '../core/text';
import type { PodEffectKind } from './changes/pod-effect';
import { sessionChanges, type SessionName } from './changes/session-changes';
import { snapshotOfState } from './changes/snapshot';
import { earlierEnds } from './risks/ends';

/** What a change of files does to sessions, each as `cohort/id`. */
export interface EditEffect {
  readonly restart: readonly string[];
  readonly stop: readonly string[];
  readonly start: readonly string[];
  readonly end: readonly string[];
  /** The cluster refuses the change. */
  readonly refused: readonly string[];
  readonly loseData: readonly string[];
  /** Contents of `loseData`. */
  readonly lost: readonly string[];
  /** Contents of claims that stay. */
  readonly kept: readonly string[];
  /** Their end is earlier than before, so that `dozlab expire` deletes them sooner. */
  readonly expire: readonly string[];
  /** Manifests change, with or without the pod. */
  readonly changed: readonly string[];
}

export const NO_EFFECT: EditEffect = {
  ...{
    restart: [],
    stop: [],
    start: [],
    end: [],
    refused: [],
    loseData: [],
    lost: [],
    kept: [],
    expire: [],
    changed: [],
  },
};

/** By the model of the report. A session whose file is not valid may have any data. */
export function editEffect(before: ProjectState, after: ProjectState): EditEffect {
  const [was, is] = [snapshotOfState(before), snapshotOfState(after)];
  const { changed, ended } = sessionChanges(was, is);
  const invalid = Array.from(was.files.keys()).filter((key) => !was.sessions.has(key) && !is.files.has(key));
  const losing = changed.filter(({ effect }) => effect.lost.length > 0);
  const lostByEnd = ended.filter(({ lost }) => lost.length > 0);
  const withKind = (...kinds: readonly PodEffectKind[]): string[] =>
    namesOf(changed.filter(({ effect }) => kinds.includes(effect.kind)).flatMap(({ sessions }) => sessions));
  const effects = [...changed.map(({ effect }) => effect), ...ended];
  return {
    restart: withKind('restarts', 'is recreated'),
    stop: withKind('stops'),
    start: withKind('starts'),
    end: [...namesOf(ended), ...invalid],
    refused: withKind('cannot change'),
    loseData: [...namesOf(losing.flatMap(({ sessions }) => sessions)), ...namesOf(lostByEnd), ...invalid],
    lost: unique([...effects.flatMap(({ lost }) => lost), ...(invalid.length === 0 ? [] : [UNKNOWN])]),
    kept: unique(effects.flatMap(({ kept }) => kept)),
    expire: namesOf(earlierEnds(was, is).flatMap(({ session, isFirst }) => (isFirst ? [] : [session]))),
    changed: namesOf(changed.flatMap(({ sessions }) => sessions)),
  };
}

const UNKNOWN = 'all data of sessions whose file is not valid';

const namesOf = (sessions: readonly Pick<SessionName, 'cohort' | 'id'>[]): string[] =>
  sessions.map(({ cohort, id }) => `${cohort}/${id}`);

const unique = (texts: readonly string[]): string[] => Array.from(new Set(texts));

/** @example 30 sessions restart; 30 sessions lose data: workspace; claims keep: root file system of the microVM */
export function editEffectText(effect: EditEffect): string {
  const { restart, stop, start, end, refused, loseData, lost, kept, expire } = effect;
  const count = (sessions: readonly string[], one: string, many: string): string[] =>
    sessions.length === 0 ? [] : [`${plural(sessions.length, 'session')} ${sessions.length === 1 ? one : many}`];
  const parts = [
    ...count(restart, 'restarts', 'restart'),
    ...count(stop, 'stops', 'stop'),
    ...count(start, 'starts', 'start'),
    ...count(end, 'ends', 'end'),
    ...count(refused, 'cannot change: the cluster refuses it', 'cannot change: the cluster refuses it'),
    ...count(loseData, 'loses data', 'lose data').map((text) => `${text}: ${lost.join(', ')}`),
    ...count(expire, 'expires earlier', 'expire earlier'),
    ...(kept.length === 0 ? [] : [`claims keep: ${kept.join(', ')}`]),
  ];
  if (parts.length === 0) return 'no session restarts or ends, and no data is lost';
  const isSafe = loseData.length === 0 && refused.length === 0;
  return [...parts, ...(isSafe ? ['no data is lost'] : [])].join('; ');
}
