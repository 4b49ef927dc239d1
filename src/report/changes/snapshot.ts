import type { LikelyText, TreeFile } from '../../git/tree';
import { HEADER, isGenerated } from '../../manifests/header';
import { labSessionChart } from '../../manifests/lab-session-chart';
import { renderProject } from '../../synth/synthesize';
import { filesOf, type Documents } from '../../source/document';
import { loadDocuments, loadProject } from '../../source/load-project';
import { PROJECT_FILE } from '../../api/file-names';
import { NO_CACHE } from '../../cache/cache';
import type { CachedFiles } from '../../source/cached-source';
import { isError, type Problem } from '../../core/diagnostics';
import { CommitSource } from '../../source/commit-source';
import { isValid, resolveProject } from '../../resolve/resolve';
import { type ResolvedProject, FLUX_FOLDER, OUTPUT_FOLDER } from '../../model/project';
import type { Session } from '../../model/session';
import type { OutputFile } from '@dozlab/charts';
import type { Mapping } from '@dozlab/charts/schema';
import type { ProjectState } from '../../capacity/project-state';
import { registerSecrets } from './mask-secrets';

/** A project at one time: before a change, or after it. */
export interface Snapshot extends ProjectState {
  /** Sessions by `cohort/id`. */
  readonly sessions: ReadonlyMap<string, Session>;
  /** The values that files of sessions set, also of those that are not valid or were not synthesized, by the same names. */
  readonly files: ReadonlyMap<string, Mapping>;
  /** What Flux reads, with the chart, by paths within the project. What two snapshots share is the same. */
  readonly output: ReadonlyMap<string, OutputText>;
  /** The same as files of each output folder, where it is what the project gives and not what was found. */
  readonly rendered: readonly RenderedFolder[];
  readonly errors: readonly Problem[];
}

/** A text of the output, which may be made only when somebody asks for it. */
export type OutputText = Pick<OutputFile, 'content'>;

export interface RenderedFolder {
  readonly folder: string;
  readonly files: readonly OutputFile[];
}

/**
 * A project as a commit has it. What its output folders hold counts, as that is in the cluster; without them, what its files give.
 * @param other the project at another time, most of which may be the same
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
  // What was not synthesized was not in the cluster.
  const sessions = Array.from(snapshot.sessions).filter(([, session]) => output.has(manifestsPath(session)));
  const resolved = { ...snapshot.resolved, sessions: sessions.map(([, session]) => session) };
  return { ...snapshot, errors, output, resolved, sessions: new Map(sessions) };
}

/**
 * The text of a file that a commit has in an output folder; undefined where it is not ours.
 * @param other the file at another time
 */
function committedText(file: TreeFile, other: OutputText | undefined): OutputText | undefined {
  const same = other !== undefined && file.likely?.of === other ? file.likely : undefined;
  // Only of what is ours the id is known.
  if (same?.id !== undefined) return other;
  const { content } = file;
  if (!isGenerated(content)) return undefined;
  return same !== undefined && !content.includes('\r\n') ? other : { content: content.replaceAll('\r\n', '\n') };
}

/** What a commit may well hold of a project's files and output, by their paths. */
export function likelyTexts({ loaded, rendered }: Snapshot): Map<string, LikelyText> {
  const files = [...filesOf(loaded).map(({ file }) => file), ...loaded.secretFiles.values()];
  const ofFiles = files.flatMap((file): [string, LikelyText][] =>
    file === undefined ? [] : [[file.path, { of: file, text: () => (file.mark ?? '') + file.text }]],
  );
  const ofOutput = rendered.flatMap(({ folder, files }) =>
    files.map((file): [string, LikelyText] => [`${folder}/${file.path}`, { of: file, text: () => file.content }]),
  );
  return new Map([...ofFiles, ...ofOutput]);
}

/** A project as it lies on the disk. */
export const snapshotOfFolder = (folder: string, cached?: CachedFiles): Snapshot =>
  snapshotOf(loadProject(folder, undefined, cached), true, cached);

const isOutput = (path: string): boolean =>
  [OUTPUT_FOLDER, FLUX_FOLDER].some((folder) => path.startsWith(`${folder}/`));

function snapshotOf(loaded: Documents, isRendered: boolean, cached?: CachedFiles): Snapshot {
  registerSecrets(loaded);
  const resolved = resolveProject(loaded);
  const rendered = isRendered && isValid(resolved) ? foldersOf(resolved, cached) : [];
  return {
    loaded,
    resolved,
    sessions: new Map(resolved.sessions.map((session) => [`${session.cohort}/${session.id}`, session])),
    files: new Map(
      loaded.cohorts.flatMap((cohort) =>
        cohort.sessions.map(({ name, value }): [string, Mapping] => [
          `${cohort.name}/${name}`,
          value?.spec.values ?? {},
        ]),
      ),
    ),
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

/** The path of a session's manifests. */
export const manifestsPath = ({ cohort, id }: Pick<Session, 'cohort' | 'id'>): string =>
  `${OUTPUT_FOLDER}/sessions/${cohort}/${id}.yaml`;

/** The manifests of a session at one time, as text. */
export const manifestsOf = ({ output }: Snapshot, session: Session): string =>
  output.get(manifestsPath(session))?.content ?? renderedManifests(session);

/** Whether two texts of the output are the same; what both snapshots share is not asked for what it says. */
export const isSameText = (one: OutputText | undefined, other: OutputText | undefined): boolean =>
  one === other || one?.content === other?.content;

/** Whether two snapshots share the manifests of a session, which need not be compared then. */
export function haveSameManifests(before: Snapshot, after: Snapshot, is: Session): boolean {
  const path = manifestsPath(is);
  const manifests = before.output.get(path);
  return manifests !== undefined && manifests === after.output.get(path);
}

export const renderedManifests = ({ values, namespace }: Session): string =>
  HEADER + labSessionChart.text(values, namespace);
