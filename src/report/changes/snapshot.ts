import type { CandidateText, TreeFile } from '../../git/tree';
import { HEADER, isGenerated } from '../../manifests/manifest-file';
import { labSessionChart } from '../../manifests/lab-session-chart';
import { renderProject } from '../../synth/synthesize';
import { filesOf, type Documents } from '../../source/document';
import { loadDocuments, loadProject } from '../../source/load-project';
import { PROJECT_FILE } from '../../api/file-names';
import { NO_CACHE } from '../../cache/cache';
import type { CachedFiles } from '../../source/source';
import { isError, type Problem } from '../../core/diagnostics';
import { CommitSource } from '../../source/commit-source';
import { isValid, resolveProject } from '../../resolve/resolve';
import { type ResolvedProject, FLUX_FOLDER, OUTPUT_FOLDER } from '../../model/project';
import type { Session } from '../../model/session';
import type { OutputFile } from '@dozlab/charts';
import type { Mapping } from '@dozlab/charts/schema';
import type { ProjectState } from '../../capacity/project-state';
import { registerSecrets } from './mask-secrets';

export interface Snapshot extends ProjectState {
  /** By `cohort/id`. */
  readonly sessions: ReadonlyMap<string, Session>;
  /** By `cohort/id`, also of sessions that are not valid or were not synthesized. */
  readonly files: ReadonlyMap<string, Mapping>;
  /** Equal texts are one object in two snapshots. */
  readonly output: ReadonlyMap<string, OutputText>;
  /** Empty for a commit with output. */
  readonly rendered: readonly RenderedFolder[];
  readonly errors: readonly Problem[];
}

/** `content` may be computed on first access. */
export type OutputText = Pick<OutputFile, 'content'>;

export interface RenderedFolder {
  readonly folder: string;
  readonly files: readonly OutputFile[];
}

/**
 * Reads the committed output, because Flux applied it. Renders the project only if the commit has none.
 * @param other the project at another time; equal parts are reused
 */
export function snapshotOfCommit(files: ReadonlyMap<string, TreeFile>, other?: Snapshot): Snapshot {
  const loaded = loadDocuments(new CommitSource(files), other?.loaded);
  const committed = Array.from(files).flatMap(([path, file]): [string, OutputText][] => {
    const text = isOutput(path) ? committedText(file, other?.output.get(path)) : undefined;
    return text === undefined ? [] : [[path, text]];
  });
  const snapshot = snapshotOf(loaded, committed.length === 0);
  const errors = files.has(PROJECT_FILE) ? snapshot.errors : [];
  if (committed.length === 0) return { ...snapshot, errors };
  const output = new Map(committed);
  // A session without manifests was not in the cluster.
  const sessions = Array.from(snapshot.sessions).filter(([, session]) => output.has(manifestsPath(session)));
  const resolved = { ...snapshot.resolved, sessions: sessions.map(([, session]) => session) };
  return { ...snapshot, errors, output, resolved, sessions: new Map(sessions) };
}

/** @returns undefined for foreign files */
function committedText({ content, candidate }: TreeFile, other: OutputText | undefined): OutputText | undefined {
  if (!isGenerated(content)) return undefined;
  const isShared = other !== undefined && candidate?.of === other && !content.includes('\r\n');
  return isShared ? other : { content: content.replaceAll('\r\n', '\n') };
}

/** Texts that a commit probably contains, by path. */
export function candidateTexts({ loaded, rendered }: Snapshot): Map<string, CandidateText> {
  const files = [...filesOf(loaded).map(({ file }) => file), ...loaded.secretFiles.values()];
  const ofFiles = files.flatMap((file): [string, CandidateText][] =>
    file === undefined ? [] : [[file.path, { of: file, text: () => (file.mark ?? '') + file.text }]],
  );
  const ofOutput = rendered.flatMap(({ folder, files }) =>
    files.map((file): [string, CandidateText] => [`${folder}/${file.path}`, { of: file, text: () => file.content }]),
  );
  return new Map([...ofFiles, ...ofOutput]);
}

export const snapshotOfFolder = (folder: string, cached?: CachedFiles): Snapshot =>
  snapshotOf(loadProject(folder, undefined, cached), true, cached);

/** Without output: manifests are rendered when they are read. */
export const snapshotOfState = ({ loaded, resolved }: ProjectState): Snapshot => ({
  loaded,
  resolved,
  ...sessionsOf(loaded, resolved),
  output: new Map(),
  rendered: [],
  errors: resolved.problems.filter(isError),
});

const sessionsOf = (loaded: Documents, resolved: ResolvedProject): Pick<Snapshot, 'sessions' | 'files'> => ({
  sessions: new Map(resolved.sessions.map((session) => [`${session.cohort}/${session.id}`, session])),
  files: new Map(
    loaded.cohorts.flatMap((cohort) =>
      cohort.sessions.map(({ name, value }): [string, Mapping] => [`${cohort.name}/${name}`, value?.spec.values ?? {}]),
    ),
  ),
});

const isOutput = (path: string): boolean =>
  [OUTPUT_FOLDER, FLUX_FOLDER].some((folder) => path.startsWith(`${folder}/`));

function snapshotOf(loaded: Documents, isRendered: boolean, cached?: CachedFiles): Snapshot {
  registerSecrets(loaded);
  const resolved = resolveProject(loaded);
  const rendered = isRendered && isValid(resolved) ? foldersOf(resolved, cached) : [];
  return {
    loaded,
    resolved,
    ...sessionsOf(loaded, resolved),
    output: new Map(
      rendered.flatMap(({ folder, files }) =>
        files.map((file): [string, OutputText] => [`${folder}/${file.path}`, file]),
      ),
    ),
    rendered,
    errors: resolved.problems.filter(isError),
  };
}

function foldersOf(resolved: ResolvedProject, cached?: CachedFiles): RenderedFolder[] {
  const { files, fluxFiles } = renderProject(resolved, cached?.cache ?? NO_CACHE);
  return [
    { folder: OUTPUT_FOLDER, files },
    { folder: FLUX_FOLDER, files: fluxFiles },
  ];
}

export const manifestsPath = ({ cohort, id }: Pick<Session, 'cohort' | 'id'>): string =>
  `${OUTPUT_FOLDER}/sessions/${cohort}/${id}.yaml`;

export const manifestsOf = ({ output }: Snapshot, session: Session): string =>
  output.get(manifestsPath(session))?.content ?? renderedManifests(session);

/** Reading `content` may be slow. */
export const isSameText = (one: OutputText | undefined, other: OutputText | undefined): boolean =>
  one === other || one?.content === other?.content;

export function haveSameManifests(before: Snapshot, after: Snapshot, is: Session): boolean {
  const path = manifestsPath(is);
  const manifests = before.output.get(path);
  return manifests !== undefined && manifests === after.output.get(path);
}

export const renderedManifests = ({ values, namespace }: Session): string =>
  HEADER + labSessionChart.text(values, namespace);
