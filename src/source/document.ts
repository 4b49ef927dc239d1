import type { Path } from '@dozlab/charts/schema';
import type { CohortContent } from '../api/cohort';
import type { LabContent } from '../api/lab';
import type { ProjectContent } from '../api/project';
import type { SessionContent } from '../api/session';
import { type Position, type Problem, START } from '../core/diagnostics';
import type { YamlFile } from './yaml';

/** A file of a project. */
export interface Document<T> {
  /** The name that the file should give, by its path. */
  readonly name: string;
  /** Within the project. */
  readonly path: string;
  /** The content, checked; absent when too little of it is valid. */
  readonly value?: T;
  /** Whether `value` lacks parts of the content, as they are not valid. */
  readonly isFlawed?: boolean;
  /** Absent when there is no such file, or when it cannot be parsed. */
  readonly file?: YamlFile;
  /** The place of a value or (with `key`) of its key; of what is not there, the nearest part around it. */
  readonly locate: (path: Path, key?: boolean) => Position;
}

export interface SessionDocument extends Document<SessionContent> {
  /**
   * The text of the file without the identity: sessions of the same text are a class. Absent when the file can only be parsed by itself, or when
   * it is not valid.
   */
  readonly classText?: string;
}

export interface CohortDocument extends Document<CohortContent> {
  readonly sessions: readonly SessionDocument[];
}

/** The files in `secrets/` by their paths; undefined for a file that cannot be read. */
export type SecretFiles = ReadonlyMap<string, YamlFile | undefined>;

/** The files of a project, with the problems of each by itself. */
export interface Documents {
  readonly project: Document<ProjectContent>;
  readonly labs: readonly Document<LabContent>[];
  readonly cohorts: readonly CohortDocument[];
  readonly secretFiles: SecretFiles;
  /** Names of the folders in `charts/`, which hold older versions of the chart. */
  readonly chartFolders: readonly string[];
  /** Names of the files in `schemas/`. */
  readonly schemaFiles: readonly string[];
  readonly problems: readonly Problem[];
}

/** A document without a file. */
export const missingDocument = <T>(name: string, path: string): Document<T> => ({
  name,
  path,
  locate: () => START,
});

/** All documents, without the files in `secrets/`. */
export const filesOf = ({ project, labs, cohorts }: Documents): Document<unknown>[] => [
  project,
  ...labs,
  ...cohorts.flatMap((cohort) => [cohort, ...cohort.sessions]),
];
