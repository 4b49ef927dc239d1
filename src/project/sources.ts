import { createHash } from 'node:crypto';
import type { LoadedCohort, LoadedProject } from './load';
import type { YamlFile } from './yaml-file';

/** Digests of the files that the sessions of a cohort are made of beside their own. */
export interface Sources {
  readonly project: string;
  readonly cohort: string;
  /** Of all labs, by name. */
  readonly labs: Readonly<Record<string, string>>;
}

interface Source {
  readonly file?: YamlFile;
}

export const sourcesOf = ({ project, labs }: LoadedProject, cohort: LoadedCohort): Sources => ({
  project: digestOf(project),
  cohort: digestOf(cohort),
  labs: Object.fromEntries(labs.map((lab) => [lab.name, digestOf(lab)])),
});

/** Whether a session of a lab was made of the same. */
export const isMadeOf = (
  sources: Sources,
  { project }: Pick<LoadedProject, 'project'>,
  lab: Source & { readonly name: string },
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
