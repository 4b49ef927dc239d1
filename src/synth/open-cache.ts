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
  const isCurrent = (path: string): boolean => {
    const input = sessionOf(path);
    const stat = input === undefined ? undefined : inputs.files.get(input);
    const before = input === undefined || stat === undefined ? undefined : cache.row(input, stat)?.outputs;
    return before?.some(([output, stats]) => output === path && isSameFile(stats, outputs.files.get(path))) === true;
  };
  return {
    cache,
    inputs,
    summary,
    outputIn: (folder) => ({
      existing: within(outputs, folder),
      isCurrent: (path) => isCurrent(`${folder}/${path}`),
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
  const below = <T>(all: ReadonlyMap<string, T>): Map<string, T> => {
    const found = new Map<string, T>();
    for (const [path, stat] of all)
      if (path === folder || path.startsWith(`${folder}/`)) found.set(path.slice(folder.length + 1), stat);
    return found;
  };
  return { files: below(files), folders: below(folders), hasUnsupportedEntry };
}

function sessionOf(path: string): string | undefined {
  const [, cohort, id] = /^dist\/(?:sessions|releases)\/([^/]+)\/([^/.]+)(?:\.secret)?\.yaml$/.exec(path) ?? [];
  return cohort === undefined || id === undefined ? undefined : `sessions/${cohort}/${id}.yaml`;
}
