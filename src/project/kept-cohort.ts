import type { OutputFile } from '../render/output-file';
import { grouped } from '../schema/grouped';
import type { KeptCohort, KeptFile, KeptSession } from './kept';
import { idOfInput, packIds } from './kept-blobs';
import type { LoadedCohort } from './load';
import type { OutputPlan } from './output-plan';
import type { ResolvedSession } from './resolved';
import type { Sources } from './sources';
import type { Stamp } from './stamp';

/** An output folder after it was written. */
export interface Written {
  readonly folder: string;
  /** What it holds of ours. */
  readonly files: readonly OutputFile[];
  readonly plan: OutputPlan;
}

/** A file of the output that certainly is as it should be. */
export interface OutputNow {
  readonly stamp: Stamp;
  /** The id that Git has for it, if that is known. */
  readonly id: string | undefined;
}

/** Of other files nothing is kept but with the project as a whole. */
export const isOfSession = ({ isKnown }: OutputFile): boolean => isKnown !== undefined;

/** A file of the output with its path within the project. */
export interface PlacedFile {
  readonly path: string;
  readonly file: OutputFile;
}

/** The output of sessions by their cohorts. */
export const outputByCohort = (output: readonly Written[]): Map<string, PlacedFile[]> =>
  grouped(
    output.flatMap(({ folder, files }) =>
      files.filter(isOfSession).map((file) => ({ path: `${folder}/${file.path}`, file })),
    ),
    ({ file }) => file.path.split('/', 2)[1] ?? '',
  );

/**
 * What is to be kept of a cohort.
 * @param sources what its sessions are made of beside their own files
 * @param resolved its sessions
 * @param output of its sessions
 * @param outputNow by paths within the project; undefined where nothing is certain
 */
export function packedCohort(
  { sessions: all }: LoadedCohort,
  sources: Sources,
  resolved: readonly ResolvedSession[],
  output: readonly PlacedFile[],
  outputNow: (path: string, file: OutputFile) => OutputNow | undefined,
): KeptCohort {
  const valid = new Set(resolved.map(({ id }) => id));
  const ids = { sessions: [] as (string | undefined)[], output: [] as (string | undefined)[] };
  const sessions = all.flatMap(({ name: session, file, document, isFlawed }): KeptSession[] => {
    if (!valid.has(session) || isFlawed === true || document === undefined || file?.stamp === undefined) return [];
    ids.sessions.push(idOfInput(file));
    return [[session, ...file.stamp, document.spec]];
  });
  const files = output.flatMap(({ path, file }): KeptFile[] => {
    const now = outputNow(path, file);
    if (now === undefined) return [];
    ids.output.push(now.id);
    return [[path, ...now.stamp]];
  });
  const blobs = { sessions: packIds(ids.sessions), output: packIds(ids.output) };
  return { sources, sessions, output: files, blobs };
}
