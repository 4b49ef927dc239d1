import type { SessionClass } from '../model/session';
import { identityOf, identityValues } from '../api/session-identity';
import { at, type Mapping, mergeTrees, nearest } from '@dozlab/charts/schema';
import { shownValue } from '../core/redact';
import { defaultValues } from '../api/values/defaults';
import { isInOpenMap, nulls } from '../api/values/nulls';
import { checkValues } from '../api/values/check';
import { nano } from '../api/values/quantity';
import type { SessionValues } from '../api/values/schema';
import { diskQuantity } from '../api/values/sizing';
import type { LabContent } from '../api/lab';
import type { SessionContent } from '../api/session';
import { type Layer, layer, mergedValues, reportValue, STAND_IN, VALUES } from './value-layers';
import type { Document, CohortDocument, Documents, SessionDocument } from '../source/document';
import { Diagnostics, type Problem, type ValueProblem } from '../core/diagnostics';

/** The files that a session is made of. */
export interface SessionFiles {
  readonly documents: Documents;
  readonly lab: Document<LabContent> | undefined;
  readonly cohort: CohortDocument;
  readonly session: SessionDocument;
  readonly content: SessionContent;
}

/** The values of a session, without its Secret. */
export interface CheckedSession {
  /** Undefined when they are not right. */
  readonly values?: SessionValues | undefined;
  /** As files give them, without the identity. */
  readonly given: Mapping;
  readonly problems: readonly Problem[];
  readonly sessionClass?: SessionClass;
}

/** The files that give a session its values, the innermost last. */
export const layersOf = ({ documents, lab, cohort, session, content }: SessionFiles): Layer[] => [
  layer(documents.project),
  lab === undefined ? { source: session, values: STAND_IN } : layer(lab),
  layer(cohort),
  { source: session, values: content.spec.values ?? {} },
];

/** Merges and checks the values of one session. */
export function sessionValues(files: SessionFiles): CheckedSession {
  const { documents, lab, cohort, session, content } = files;
  const diagnostics = new Diagnostics();
  const layers = layersOf(files);
  if (lab === undefined) checkLabName(content.spec.lab, documents, session, diagnostics);
  const shared = [documents.project, cohort, ...(lab === undefined ? [] : [lab])];
  if (shared.some(({ value }) => value === undefined)) return { given: {}, problems: diagnostics.problems };

  const given = mergedValues(layers);
  const { values, problems } = checkValues(mergeTrees(given, identityValues(identityOf(content))));
  // A part that is not valid may have set what is missing.
  const isFlawed = layers.some(({ source }) => source.isFlawed === true);
  for (const problem of problems)
    if (!isFlawed || problem.code !== 'missing') reportValue(problem, layers, session, diagnostics);
  if (values !== undefined && lab !== undefined)
    for (const problem of diskProblems(lab, values)) reportValue(problem, layers, session, diagnostics);
  checkNulls(layers, diagnostics);
  return { values, given, problems: diagnostics.problems };
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

/** Checks keys of a user's own choice (labels …) that are null although no outer file sets them: most likely a text without quotes. */
function checkNulls(layers: readonly Layer[], diagnostics: Diagnostics): void {
  for (const [index, { source, values }] of layers.entries()) {
    const outer = layers.slice(0, index);
    for (const path of nulls(values)) {
      if (!isInOpenMap(path) || at(defaultValues(), path) !== undefined) continue;
      if (outer.some((each) => at(each.values, path) !== undefined)) continue;
      const message =
        'is null, which takes back what an outer file sets, but none does; accepted: text (in quotes, if it is to be the text null)';
      diagnostics.error(source, [...VALUES, ...path], 'wrong-type', message);
    }
  }
}

/** A disk of a size that the lab is not meant for. */
function diskProblems({ name, value }: Document<LabContent>, { rootfs }: SessionValues): ValueProblem[] {
  const range = value?.spec.diskSize;
  const { diskSize } = rootfs;
  const bytes = (size: string) => nano(diskQuantity(size));
  if (range === undefined || (bytes(diskSize) >= bytes(range.min) && bytes(diskSize) <= bytes(range.max))) return [];
  const message = `is ${diskSize}; the lab ${name} is meant for ${range.min} to ${range.max}`;
  return [{ severity: 'warning', code: 'unusual-size', path: ['rootfs', 'diskSize'], message }];
}
