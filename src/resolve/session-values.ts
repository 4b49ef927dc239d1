import type { SessionClass } from '../model/session';
import { identityOf, identityValues } from '../api/session-identity';
import { at, type Mapping, mergeTrees, nearest, type Path } from '@dozlab/charts/schema';
import { shownValue } from '../core/redact';
import { defaultValues } from '../api/values/defaults';
import { isInOpenMap, nulls } from '../api/values/nulls';
import { checkValues } from '../api/values/check';
import { nano } from '../api/values/quantity';
import type { SessionValues } from '../api/values/schema';
import { diskQuantity } from '../api/values/sizing';
import type { LabContent } from '../api/lab';
import type { SessionContent } from '../api/session';
import {
  type Layer,
  layer,
  located,
  mergedValues,
  placed,
  type PlacelessProblem,
  STAND_IN,
  VALUES,
} from './value-layers';
import type { Document, CohortDocument, Documents, SessionDocument } from '../source/document';
import { type Problem, problemAt } from '../core/diagnostics';

/** The files that a session is made of. */
export interface SessionFiles {
  readonly loaded: Documents;
  readonly project: Layer;
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
export const layersOf = ({ project, lab, cohort, session, content }: SessionFiles): Layer[] => [
  project,
  lab === undefined ? { source: session, values: STAND_IN } : layer(lab),
  layer(cohort),
  { source: session, values: content.spec.values ?? {} },
];

/** Merges and checks the values of one session. */
export function sessionValues(files: SessionFiles): CheckedSession {
  const { loaded, lab, cohort, session, content } = files;
  const layers = layersOf(files);
  const problems: Problem[] = lab === undefined ? [unknownLab(content.spec.lab, loaded, session)] : [];
  if (
    loaded.project.value === undefined ||
    cohort.value === undefined ||
    (lab !== undefined && lab.value === undefined)
  )
    return { given: {}, problems };

  // What is missing may have been in the part of a file that is not right.
  const isFlawed = layers.some(({ source }) => source.isFlawed === true);
  const given = mergedValues(layers);
  const { values, problems: found } = checkValues(mergeTrees(given, identityValues(identityOf(content))));
  const toTell: PlacelessProblem[] = found.filter(({ code }) => !isFlawed || code !== 'missing');
  if (values !== undefined && lab?.value !== undefined) toTell.push(...unusualDisk(lab, values));
  problems.push(...toTell.map((problem) => placed(problem, layers, session)), ...nullsWithoutUse(layers));
  return { values, given, problems };
}

function unknownLab(name: string, { labs }: Documents, session: Document<unknown>): Problem {
  const names = labs.map((lab) => lab.name);
  const near = nearest(name, names);
  const known = names.length === 0 ? 'there is no lab yet' : `accepted: one of ${names.join(', ')}`;
  const hint = near === undefined ? known : `did you mean ${near}?`;
  const path = ['spec', 'lab'];
  return problemAt(
    'error',
    'unknown-lab',
    session.path,
    located(session, path),
    path,
    `is ${shownValue(path, name)}, but there is no labs/${name}.yaml; ${hint}`,
  );
}

/** Keys of a user's own choice (labels …) that are null although no outer file sets them: most likely a text that lacks its quotes. */
export function nullsWithoutUse(layers: readonly Layer[]): Problem[] {
  return layers.flatMap(({ source, values }, index) => {
    const isSetBelow = (path: Path): boolean =>
      layers.slice(0, index).some((outer) => at(outer.values, path) !== undefined);
    return nulls(values)
      .filter((path) => isInOpenMap(path) && !isSetBelow(path) && at(defaultValues(), path) === undefined)
      .map((path) => {
        const full = [...VALUES, ...path];
        const position = source.file?.locate(full) ?? { line: 1, column: 1 };
        return problemAt(
          'error',
          'wrong-type',
          source.path,
          position,
          full,
          'is null, which takes back what an outer file sets, but none does; accepted: text (in quotes, if it is to be the text null)',
        );
      });
  });
}

/** A disk of a size that the lab is not meant for. */
export function unusualDisk({ name, value }: Document<LabContent>, { rootfs }: SessionValues): PlacelessProblem[] {
  const range = value?.spec.diskSize;
  const { diskSize } = rootfs;
  const bytes = (size: string) => nano(diskQuantity(size));
  if (range === undefined || (bytes(diskSize) >= bytes(range.min) && bytes(diskSize) <= bytes(range.max))) return [];
  const message = `is ${diskSize}; the lab ${name} is meant for ${range.min} to ${range.max}`;
  return [{ severity: 'warning', code: 'unusual-size', path: ['rootfs', 'diskSize'], message }];
}
