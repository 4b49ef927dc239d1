import { at, type Mapping, mergeTrees, mergeTreesKeepingNulls, nearest, type Path } from '@dozlab/charts/schema';
import type { LabContent } from '../api/lab';
import { type SessionContent, identityOf, identityPath, identityValues } from '../api/session';
import { checkValues } from '../api/values/check';
import { defaultValues } from '../api/values/defaults';
import { isInOpenMap, nulls, withoutNulls } from '../api/values/overrides';
import { nano } from '../api/values/quantity';
import { type SessionValues, valuesSchema } from '../api/values/schema';
import { diskQuantity } from '../api/values/sizing';
import { Diagnostics, type Problem, type ValueProblem } from '../core/diagnostics';
import { shownValue } from '../core/redact';
import type { CohortDocument, Document, Documents, SessionDocument } from '../source/document';
import { imageReference } from '../api/values/names';
import { CONTAINERS, containerOf, type ContainerPath } from '../api/rules/containers';
import type { ProjectContent } from '../api/project';

export interface Layer {
  readonly source: Document<unknown>;
  readonly values: Mapping;
}

export interface SessionFiles {
  readonly documents: Documents;
  readonly lab: Document<LabContent> | undefined;
  readonly cohort: CohortDocument;
  readonly session: SessionDocument;
  readonly content: SessionContent;
}

export interface LayeredValues {
  /** Undefined if invalid. */
  readonly values?: SessionValues | undefined;
  /** Without defaults and identity. */
  readonly given: Mapping;
  readonly problems: readonly Problem[];
}

const VALUES: Path = ['spec', 'values'];

const NOTHING: Mapping = {};

/** Replaces a missing lab, to check the rest of a session. */
export const PLACEHOLDER_VALUES: Mapping = { rootfs: { imageUrl: 'https://example.com' } };

export const layer = (source: Document<{ spec: { values?: Mapping | null } }>): Layer => ({
  source,
  values: source.value?.spec.values ?? NOTHING,
});

/** Innermost last. */
export const layersOf = ({ documents, lab, cohort, session, content }: SessionFiles): Layer[] => [
  layer(documents.project),
  lab === undefined ? { source: session, values: PLACEHOLDER_VALUES } : layer(lab),
  layer(cohort),
  { source: session, values: content.spec.values ?? NOTHING },
];

/** Null removes an inherited value. */
export const mergedValues = (layers: readonly Layer[]): Mapping =>
  withoutNulls(layers.map(({ values }) => values).reduce(mergeTreesKeepingNulls, NOTHING));

export function sessionValues(files: SessionFiles): LayeredValues {
  const { documents, lab, cohort, session, content } = files;
  const diagnostics = new Diagnostics();
  const layers = layersOf(files);
  if (lab === undefined) checkLabName(content.spec.lab, documents, session, diagnostics);
  const shared = [documents.project, cohort, ...(lab === undefined ? [] : [lab])];
  if (shared.some(({ value }) => value === undefined)) return { given: {}, problems: diagnostics.problems };

  const given = mergedValues(layers);
  const { values, problems } = checkValues(mergeTrees(given, identityValues(identityOf(content))));
  // An invalid part may have set the missing value.
  const isFlawed = layers.some(({ source }) => source.isFlawed === true);
  for (const problem of problems)
    if (!isFlawed || problem.code !== 'missing') reportValue(problem, layers, session, diagnostics);
  if (values !== undefined && lab !== undefined)
    for (const problem of diskProblems(lab, values)) reportValue(problem, layers, session, diagnostics);
  checkNulls(layers, diagnostics);
  return { values, given, problems: diagnostics.problems };
}

export function reportValue(
  problem: ValueProblem,
  layers: readonly Layer[],
  session: SessionDocument,
  diagnostics: Diagnostics,
): void {
  const identity = identityPath(problem.path);
  if (identity !== undefined) {
    diagnostics.report(session, { ...problem, path: identity, key: false });
    return;
  }
  const owner = layers.findLast(({ values }) => at(values, problem.path) !== undefined);
  // If no file sets the value, the session gets errors and the project gets the rest.
  const source = owner?.source ?? (problem.severity === 'error' ? session : (layers[0]?.source ?? session));
  diagnostics.report(source, { ...problem, path: [...VALUES, ...problem.path] });
}

function checkLabName(name: string, { labs }: Documents, session: SessionDocument, diagnostics: Diagnostics): void {
  const names = labs.map((lab) => lab.name);
  const near = nearest(name, names);
  const all = names.length === 0 ? 'there is no lab yet' : `accepted: one of ${names.join(', ')}`;
  const hint = near === undefined ? all : `did you mean ${near}?`;
  const path = ['spec', 'lab'];
  const message = `is ${shownValue(path, name)}, but there is no labs/${name}.yaml; ${hint}`;
  diagnostics.error(session, path, 'unknown-lab', message);
}

/** A null without an inherited value is likely unquoted text. */
function checkNulls(layers: readonly Layer[], diagnostics: Diagnostics): void {
  for (const [index, { source, values }] of layers.entries()) {
    const outer = layers.slice(0, index);
    for (const path of nulls(values)) {
      if (!isInOpenMap(path) || at(defaultValues(), path) !== undefined) continue;
      if (outer.some((each) => at(each.values, path) !== undefined)) continue;
      const message =
        'is null, which removes an inherited value, but no other file sets it; accepted: text (in quotes for the text null)';
      diagnostics.error(source, [...VALUES, ...path], 'wrong-type', message);
    }
  }
}

function diskProblems({ name, value }: Document<LabContent>, { rootfs }: SessionValues): ValueProblem[] {
  const range = value?.spec.diskSize;
  const { diskSize } = rootfs;
  const bytes = (size: string) => nano(diskQuantity(size));
  if (range === undefined || (bytes(diskSize) >= bytes(range.min) && bytes(diskSize) <= bytes(range.max))) return [];
  const message = `is ${diskSize}; the lab ${name} is meant for ${range.min} to ${range.max}`;
  return [{ severity: 'warning', code: 'unusual-size', path: ['rootfs', 'diskSize'], message }];
}

const SESSION = { session: { id: 'session', userId: 'user' } };

/** Most cohorts and labs share merged values. */
const checked = new WeakMap<object, Map<string, SessionValues | undefined>>();

/** Undefined if invalid. */
function checkedValues(project: Document<ProjectContent>, layers: readonly Layer[]): SessionValues | undefined {
  const merged = mergedValues([layer(project), ...layers]);
  const ofProject = checked.get(project) ?? new Map<string, SessionValues | undefined>();
  checked.set(project, ofProject);
  const key = JSON.stringify(merged);
  if (!ofProject.has(key)) ofProject.set(key, checkValues(mergeTrees(merged, SESSION)).values);
  return ofProject.get(key);
}

export const labValues = (
  { project }: Documents,
  cohort: CohortDocument,
  lab: Document<LabContent>,
): SessionValues | undefined => checkedValues(project, [layer(lab), layer(cohort)]);

export const projectLabValues = ({ project }: Documents, lab: Document<LabContent>): SessionValues | undefined =>
  checkedValues(project, [layer(lab)]);

const DEFAULTS = (): SessionValues => valuesSchema.parse({ ...PLACEHOLDER_VALUES, ...SESSION });

/** The defaults if invalid. */
export const projectValues = ({ project }: Documents): SessionValues =>
  checkedValues(project, [{ source: project, values: PLACEHOLDER_VALUES }]) ?? DEFAULTS();

/** The defaults if invalid. */
export const cohortValues = ({ project }: Documents, cohort: CohortDocument): SessionValues =>
  checkedValues(project, [{ source: cohort, values: PLACEHOLDER_VALUES }, layer(cohort)]) ?? DEFAULTS();

export const imagesOf = (values: SessionValues): { readonly path: ContainerPath; readonly image: string }[] =>
  CONTAINERS.map((path) => {
    const { image, tag, digest } = containerOf(values, path);
    return { path, image: imageReference(image, tag, digest) };
  });
