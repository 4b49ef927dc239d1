import { isMapping } from '@dozlab/charts/schema';
import { checkValues } from '../api/values/check';
import type { SessionValues } from '../api/values/schema';
import { Diagnostics, type Problem } from '../core/diagnostics';
import { readYaml } from './yaml';

/** With an error, values are unreliable. */
export interface ValuesFile {
  readonly values?: SessionValues | undefined;
  readonly problems: readonly Problem[];
}

export function readValuesFile(file: string, text: string): ValuesFile {
  const diagnostics = new Diagnostics();
  const read = readYaml(file, text, diagnostics);
  if (read === undefined) return { problems: diagnostics.problems };
  const { values, problems } = checkValues(withoutHelmKeys(read.content ?? {}));
  for (const problem of problems) diagnostics.report(read, problem);
  return { values, problems: diagnostics.problems };
}

/** Helm gives every chart the key `global`, and a parent chart gives `enabled`. A session does not read them. */
const HELM_KEYS = ['enabled', 'global'];

function withoutHelmKeys(content: unknown): unknown {
  if (!isMapping(content)) return content;
  return Object.fromEntries(Object.entries(content).filter(([key]) => !HELM_KEYS.includes(key)));
}
