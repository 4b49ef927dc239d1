import { readdirSync } from 'node:fs';
import { PROJECT_FILE } from '../api/file-names';
import type { Cache, Summary } from '../cache/cache';
import { EMPTY, fingerprint, isLeftover, isSameFile, type Fingerprint } from '../cache/fingerprint';
import { ProjectCache } from '../cache/project-cache';
import { FLUX_FOLDER, OUTPUT_FOLDER } from '../model/project';
import type { CachedOutput } from './plan';

const INPUTS: readonly string[] = [PROJECT_FILE, 'labs', 'sessions', 'secrets', 'charts', 'schemas'];
const OUTPUTS: readonly string[] = [OUTPUT_FOLDER, FLUX_FOLDER];

export interface OpenCache {
  readonly cache: Cache;
  readonly inputs: Fingerprint;
  /** Absent if anything changed. */
  readonly summary: Summary | undefined;
  outputIn(folder: string): CachedOutput;
}

export function openCache(project: string): OpenCache {
  const cache = new ProjectCache(project, sessionOf);
  const root = project === '' ? '.' : project;
  const inputs = look(root, INPUTS, false);
  const outputs = look(root, OUTPUTS, true);
  const summary = cache.unchanged(inputs, outputs);
  let current: ReadonlySet<string> | undefined;
  return {
    cache,
    inputs,
    summary,
    outputIn: (folder) => ({
      existing: within(outputs, folder),
      isCurrent: (path) => (current ??= currentOutputs(cache, inputs, outputs)).has(`${folder}/${path}`),
    }),
  };
}

function look(root: string, names: readonly string[], withHidden: boolean): Fingerprint {
  try {
    const hasUnsupportedEntry = readdirSync(root).some(isLeftover);
    const found = fingerprint(root, names, withHidden);
    return hasUnsupportedEntry ? { ...found, hasUnsupportedEntry } : found;
  } catch {
    return { ...EMPTY, hasUnsupportedEntry: true }; // the command that reads or writes the folder reports why
  }
}

function within({ files, folders, hasUnsupportedEntry }: Fingerprint, folder: string): Fingerprint {
  const below = <T>(all: ReadonlyMap<string, T>): Map<string, T> =>
    new Map(
      Array.from(all).flatMap(([path, stat]) =>
        path === folder ? [['', stat]] : path.startsWith(`${folder}/`) ? [[path.slice(folder.length + 1), stat]] : [],
      ),
    );
  return { files: below(files), folders: below(folders), hasUnsupportedEntry };
}

const currentOutputs = (cache: Cache, inputs: Fingerprint, { files }: Fingerprint): Set<string> =>
  new Set(
    Array.from(inputs.files).flatMap(([input, inputStat]) =>
      (cache.row(input, inputStat)?.outputs ?? [])
        .filter(([output, stat]) => isSameFile(stat, files.get(output)))
        .map(([output]) => output),
    ),
  );

function sessionOf(path: string): string | undefined {
  const [, cohort, id] = /^dist\/(?:sessions|releases)\/([^/]+)\/([^/.]+)(?:\.secret)?\.yaml$/.exec(path) ?? [];
  return cohort === undefined || id === undefined ? undefined : `sessions/${cohort}/${id}.yaml`;
}
