import { COHORT_FILE, PROJECT_FILE } from '../api/file-names';
import type { SessionValues } from '../api/values/schema';
import { isError, type Problem } from '../core/diagnostics';
import { sessionValues } from '../resolve/value-layers';
import { CommitSource } from '../source/commit-source';
import type { Documents } from '../source/document';
import { loadDocuments } from '../source/load-project';
import type { KubeObject, LabSessionObject } from './live-objects';

/** The objects that give a session its values, innermost last. */
export interface LiveLayers {
  /** Values of all sessions: a setting of the controller. */
  readonly projectValues: object;
  /** Undefined if there is none with the name that the session gives. */
  readonly lab: KubeObject | undefined;
  /** Undefined if the namespace has none. */
  readonly cohort: KubeObject | undefined;
  readonly session: LabSessionObject;
}

export interface LiveValues {
  /** Undefined if they are wrong. */
  readonly values?: SessionValues;
  /** Errors and warnings. `file` names the object: KIND/NAME. */
  readonly problems: readonly Problem[];
  /** For the next call: parts that did not change are not parsed again. */
  readonly documents: Documents;
}

const COHORT = 'cohort';

/** The values of a session, by the same layers and rules as those of a session file. */
export function resolveLive(layers: LiveLayers, before?: Documents): LiveValues {
  const { session } = layers;
  const documents = loadDocuments(new CommitSource(filesOf(layers)), before);
  const [cohort] = documents.cohorts;
  const document = cohort?.sessions[0];
  const objects = new Map([
    [PROJECT_FILE, 'controller'],
    [labPath(session.spec.lab), `Lab/${session.spec.lab}`],
    [cohortPath, `Cohort/${layers.cohort?.metadata.name ?? ''}`],
    [sessionPath(session), `LabSession/${session.metadata.name}`],
  ]);
  const named = (problems: readonly Problem[]): Problem[] =>
    problems.map((problem) => ({ ...problem, file: objects.get(problem.file) ?? problem.file }));
  if (cohort === undefined || document?.value === undefined) return { problems: named(documents.problems), documents };
  const lab = documents.labs.find(({ name }) => name === session.spec.lab);
  const resolved = sessionValues({ documents, lab, cohort, session: document, content: document.value });
  const problems = named([...documents.problems, ...resolved.problems]);
  const { values } = resolved;
  return values === undefined || lab === undefined || problems.some(isError)
    ? { problems, documents }
    : { values, problems, documents };
}

const labPath = (name: string): string => `labs/${name}.yaml`;
const cohortPath = `sessions/${COHORT}/${COHORT_FILE}`;
const sessionPath = ({ metadata }: LabSessionObject): string => `sessions/${COHORT}/${metadata.name}.yaml`;

/** The objects as the files of a project that has this session alone. */
function filesOf({ projectValues, lab, cohort, session }: LiveLayers): ConstructorParameters<typeof CommitSource>[0] {
  const { apiVersion } = session;
  const project = { apiVersion, kind: 'Project', metadata: { name: 'controller' }, spec: { values: projectValues } };
  const emptyCohort = { apiVersion, kind: 'Cohort', metadata: { name: COHORT }, spec: {} };
  const files: [string, object][] = [
    [PROJECT_FILE, project],
    ...(lab === undefined ? [] : [[labPath(lab.metadata.name), asFile(lab)] satisfies [string, object]]),
    [cohortPath, cohort === undefined ? emptyCohort : { ...asFile(cohort), metadata: { name: COHORT } }],
    [sessionPath(session), asFile(session)],
  ];
  return new Map(files.map(([path, content]) => [path, { content: JSON.stringify(content, null, 2), isLink: false }]));
}

/** Without what the API server adds. */
const asFile = ({ apiVersion, kind, metadata, spec }: KubeObject): object => ({
  apiVersion,
  kind,
  metadata: { name: metadata.name },
  spec,
});
