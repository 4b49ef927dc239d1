import type { Path } from '@dozlab/charts/schema';
import type { CohortContent } from '../api/cohort';
import type { LabContent } from '../api/lab';
import type { ProjectContent } from '../api/project';
import type { SessionContent } from '../api/session';
import { type Position, type Problem, START } from '../core/diagnostics';
import type { YamlFile } from './yaml';

export interface Document<T> {
  /** Expected from the path. */
  readonly name: string;
  readonly path: string;
  /** Absent if too little is valid. */
  readonly value?: T;
  /** `value` lacks invalid parts. */
  readonly isFlawed?: boolean;
  /** Absent if missing or malformed. */
  readonly file?: YamlFile;
  /** With `key`, of the key; if missing, of the nearest parent. */
  readonly locate: (path: Path, key?: boolean) => Position;
}

export interface SessionDocument extends Document<SessionContent> {
  /** Without the identity: equal for all sessions of a class. */
  readonly classText?: string;
}

export interface CohortDocument extends Document<CohortContent> {
  readonly sessions: readonly SessionDocument[];
}

/** Undefined if unreadable. */
export type SecretFiles = ReadonlyMap<string, YamlFile | undefined>;

/** The files of a project, with the problems of each file. */
export interface Documents {
  readonly project: Document<ProjectContent>;
  readonly labs: readonly Document<LabContent>[];
  readonly cohorts: readonly CohortDocument[];
  readonly secretFiles: SecretFiles;
  /** Older versions of the chart. */
  readonly chartFolders: readonly string[];
  readonly schemaFiles: readonly string[];
  readonly problems: readonly Problem[];
}

export const missingDocument = <T>(name: string, path: string): Document<T> => ({
  name,
  path,
  locate: () => START,
});

export const filesOf = ({ project, labs, cohorts }: Documents): Document<unknown>[] => [
  project,
  ...labs,
  ...cohorts.flatMap((cohort) => [cohort, ...cohort.sessions]),
];
