import type { TreeFile } from '../git/tree';
import { HEADER, isGenerated } from '../output/header';
import { labSessionChart } from '../output/lab-session-chart';
import { renderFlux, renderOutput } from '../output/output';
import type { Remember } from '../output/remember';
import { filesOf, knownOf, loadFiles, loadProject, PROJECT_FILE, type LoadedProject } from '../project/load';
import type { Memory } from '../project/memory';
import { isError, type Problem } from '../project/problem';
import { ProjectTree } from '../project/project-tree';
import { isValid, resolveProject } from '../project/resolve';
import type { ResolvedProject, ResolvedSession } from '../project/resolved';
import { FLUX_FOLDER, OUTPUT_FOLDER } from '../project/output-folders';
import type { OutputFile } from '../render/output-file';
import type { Mapping } from '../schema/tree';
import type { ProjectState } from './project-state';
import { rememberSecrets } from './secrets-in';

/** A project at one time: before a change, or after it. */
export interface Snapshot extends ProjectState {
  /** Sessions by `cohort/id`. */
  readonly sessions: ReadonlyMap<string, ResolvedSession>;
  /** The values that files of sessions set, also of those that are not valid or were not synthesized, by the same names. */
  readonly files: ReadonlyMap<string, Mapping>;
  /** What Flux reads, with the chart: texts by their paths within the project. */
  readonly output: ReadonlyMap<string, string>;
  readonly errors: readonly Problem[];
}

/** What of a project is read of a commit. */
export const READ_FOLDERS: readonly string[] = [
  PROJECT_FILE,
  'labs',
  'sessions',
  'secrets',
  'charts',
  'schemas',
  OUTPUT_FOLDER,
  FLUX_FOLDER,
];

/**
 * A project as a commit has it. What its output folders hold counts, as that is in the cluster; without them, what its files give.
 * @param other the project at another time, most of which may be the same
 */
export function snapshotOfCommit(files: ReadonlyMap<string, TreeFile>, other?: Snapshot): Snapshot {
  const loaded = loadFiles(
    new ProjectTree(files),
    other === undefined ? undefined : knownOf(other.loaded),
    other?.loaded.secretFiles,
  );
  const committed = Array.from(files)
    .filter(([path, { content }]) => isOutput(path) && isGenerated(content))
    .map(([path, { content }]): [string, string] => [path, content.replaceAll('\r\n', '\n')]);
  const snapshot = snapshotOf(loaded, committed.length === 0);
  const errors = files.has(PROJECT_FILE) ? snapshot.errors : [];
  if (committed.length === 0) return { ...snapshot, errors };
  const output = new Map(committed);
  // What was not synthesized was not in the cluster.
  const sessions = Array.from(snapshot.sessions).filter(([, session]) => output.has(manifestsPath(session)));
  const resolved = { ...snapshot.resolved, sessions: sessions.map(([, session]) => session) };
  return { ...snapshot, errors, output, resolved, sessions: new Map(sessions) };
}

/** The texts of a project's files and output, by their paths: what a commit holds too, but for what changes. */
export function textsOf({ loaded, output }: Snapshot): Map<string, string> {
  const files = [...filesOf(loaded).map(({ file }) => file), ...loaded.secretFiles.values()];
  const texts = files.flatMap((file): [string, string][] =>
    file === undefined ? [] : [[file.path, (file.mark ?? '') + file.text]],
  );
  return new Map([...texts, ...output]);
}

/**
 * A project as it lies on the disk.
 * @param memory what is known of it from runs before
 */
export const snapshotOfFolder = (folder: string, memory?: Memory): Snapshot =>
  snapshotOf(loadProject(folder, undefined, memory?.known), true, memory?.remember);

const isOutput = (path: string): boolean =>
  [OUTPUT_FOLDER, FLUX_FOLDER].some((folder) => path.startsWith(`${folder}/`));

function snapshotOf(loaded: LoadedProject, isRendered: boolean, remember?: Remember): Snapshot {
  rememberSecrets(loaded);
  const resolved = resolveProject(loaded, remember);
  return {
    loaded,
    resolved,
    sessions: new Map(resolved.sessions.map((session) => [`${session.cohort}/${session.id}`, session])),
    files: new Map(
      loaded.cohorts.flatMap((cohort) =>
        cohort.sessions.map(({ name, document }): [string, Mapping] => [
          `${cohort.name}/${name}`,
          document?.spec.values ?? {},
        ]),
      ),
    ),
    output: new Map(isRendered && isValid(resolved) ? outputOf(resolved) : []),
    errors: resolved.problems.filter(isError),
  };
}

const outputOf = (resolved: ResolvedProject): [string, string][] => [
  ...within(OUTPUT_FOLDER, renderOutput(resolved)),
  ...within(FLUX_FOLDER, renderFlux(resolved)),
];

const within = (folder: string, files: readonly OutputFile[]): [string, string][] =>
  files.map(({ path, content }) => [`${folder}/${path}`, content]);

/** The path of a session's manifests. */
export const manifestsPath = ({ cohort, id }: Pick<ResolvedSession, 'cohort' | 'id'>): string =>
  `${OUTPUT_FOLDER}/sessions/${cohort}/${id}.yaml`;

/** The manifests of a session at one time, as text. */
export const manifestsOf = ({ output }: Snapshot, session: ResolvedSession): string =>
  output.get(manifestsPath(session)) ?? renderedManifests(session);

export const renderedManifests = ({ values, namespace }: ResolvedSession): string =>
  HEADER + labSessionChart.text(values, namespace);
