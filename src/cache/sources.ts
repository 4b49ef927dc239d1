import { createHash } from 'node:crypto';
import type { YamlFile } from '../source/yaml';

/** Digests of the files that the sessions of a cohort are made of beside their own. */
export interface Sources {
  readonly project: string;
  readonly cohort: string;
  /** Of all labs, by name. */
  readonly labs: Readonly<Record<string, string>>;
}

interface Source {
  readonly name: string;
  readonly file?: YamlFile;
}

/** A project, as far as it is beside its cohorts. */
interface Shared {
  readonly project: Source;
  readonly labs: readonly Source[];
}

export const sourcesOf = ({ project, labs }: Shared, cohort: Source): Sources => ({
  project: digestOf(project),
  cohort: digestOf(cohort),
  labs: Object.fromEntries(labs.map((lab) => [lab.name, digestOf(lab)])),
});

/** Whether a session of a lab was made of the same. */
export const isMadeOf = (
  sources: Sources,
  { project }: Pick<Shared, 'project'>,
  lab: Source,
  cohort: Source,
): boolean =>
  sources.project === digestOf(project) &&
  sources.cohort === digestOf(cohort) &&
  sources.labs[lab.name] === digestOf(lab);

const digests = new WeakMap<YamlFile, string>();

/** The digest of a file's text; empty where there is none. */
export function digestOf({ file }: Source): string {
  if (file === undefined) return '';
  const digest = digests.get(file) ?? createHash('sha256').update(file.text).digest('base64url');
  digests.set(file, digest);
  return digest;
}
