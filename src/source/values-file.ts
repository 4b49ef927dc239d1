import { isMapping } from '@dozlab/charts/schema';
import { checkValues } from '../api/values/check';
import type { SessionValues } from '../api/values/schema';
import { inOrder, problemAt, type Problem } from '../core/diagnostics';
import { readYaml } from './yaml';

/** A values file of the chart. With an error among the problems, the values are undefined or not reliable. */
export interface ValuesFile {
  readonly values?: SessionValues | undefined;
  readonly problems: readonly Problem[];
}

/** @param file name for the problems */
export function readValuesFile(file: string, text: string): ValuesFile {
  const read = readYaml(file, text);
  if (Array.isArray(read)) return { problems: read };
  const { values, problems } = checkValues(withoutGlobal(read.content ?? {}));
  const located = problems.map(({ severity, code, path, message, key }) =>
    problemAt(severity, code, file, read.locate(path, key), path, message),
  );
  return { values, problems: inOrder(located) };
}

/** Helm gives every chart the key `global`; a session does not read it. */
function withoutGlobal(content: unknown): unknown {
  if (!isMapping(content)) return content;
  return Object.fromEntries(Object.entries(content).filter(([key]) => key !== 'global'));
}
