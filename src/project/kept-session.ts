import type { SessionValues } from '../values/schema';
import type { Basis } from './basis';
import { API_VERSION, type SessionDocument } from './documents';
import { unpack, type Table } from './interned';
import type { KeptBasis, KeptSession } from './kept';
import { KnownFile } from './known-file';
import type { LoadedSession } from './load';
import type { Problem } from './problem';

/** What was kept of what sessions have in common. */
export const basisOf = ([sources, given, values, problems]: KeptBasis, rows: readonly unknown[]): Basis => ({
  sources: rows[sources] as string[],
  given: unpack(given, rows),
  values: unpack(values, rows) as unknown as SessionValues,
  problems: rows[problems] as Problem[],
});

/**
 * A session as it was kept.
 * @param blob the id that Git has for its file
 */
export function loadedSession(
  project: string,
  cohort: string,
  [name, basis, size, inode, changed, spec]: KeptSession,
  bases: readonly Basis[],
  blob?: string,
): LoadedSession {
  const path = `sessions/${cohort}/${name}.yaml`;
  const document: SessionDocument = {
    apiVersion: API_VERSION,
    kind: 'LabSession',
    metadata: { name },
    spec: spec as SessionDocument['spec'],
  };
  const found = bases[basis];
  const file = new KnownFile(project, path, [size, inode, changed], blob);
  return { name, path, file, document, isFlawed: false, ...(found === undefined ? {} : { basis: found }) };
}

export const keptBasis = ({ sources, given, values, problems }: Basis, table: Table): KeptBasis => [
  table.place(sources),
  table.pack(given),
  table.pack(values),
  table.place(problems),
];
