import { nearest } from '../schema/known-keys';
import { shownValue } from '../schema/shown';
import { at, merge, type Mapping, type Path } from '../schema/tree';
import { secretFile, type SessionSecret } from '../secrets/session-secret';
import type { SecretsSettings } from '../secrets/settings';
import { defaultValues } from '../values/defaults';
import { isInOpenMap, nulls } from '../values/nulls';
import { checkAlike, checkValues, withIdentity } from '../values/parse';
import type { ValueProblem } from '../values/problem';
import { nano } from '../values/quantity';
import { problemsOfTheRest } from '../values/rules';
import type { SessionValues } from '../values/schema';
import { diskQuantity } from '../values/sizing';
import { isMadeOf, sourcesOf, type Basis } from './basis';
import type { LabDocument, SessionDocument } from './documents';
import { layer, located, mergedValues, namespaceOf, placed, STAND_IN, VALUES, type Layer } from './layers';
import type { Loaded, LoadedCohort, LoadedProject, LoadedSession } from './load';
import { problemAt, type Problem } from './problem';
import { resolvedOnce, type Resolution } from './resolution';
import { resolveSecret } from './secrets';

function unknownLab(name: string, { labs }: LoadedProject, session: Loaded<unknown>): Problem {
  const names = labs.map((lab) => lab.name);
  const near = nearest(name, names);
  const hint = near === undefined ? `accepted: one of ${names.join(', ')}` : `did you mean ${near}?`;
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

/** What sessions have in common that differ in nothing but who they are for. */
interface Kind {
  readonly given: Mapping;
  readonly values: SessionValues;
  /** What there is to say of their values in files that they share. */
  readonly shared: readonly Problem[];
  /** What there is to say of values in the file of each. */
  readonly own: readonly ValueProblem[];
  readonly hasNulls: boolean;
  readonly basis?: Basis;
}

/** Such sessions by what their values are made of. */
export type Kinds = Map<string, Kind>;

const NOTHING: Resolution = { placed: undefined, problems: [] };

/** The files that a session is made of. */
interface Sources {
  readonly loaded: LoadedProject;
  readonly project: Layer;
  readonly lab: Loaded<LabDocument> | undefined;
  readonly cohort: LoadedCohort;
  readonly session: LoadedSession;
  readonly document: SessionDocument;
}

/** What a session comes to. */
export function resolveSession(
  loaded: LoadedProject,
  project: Layer,
  cohort: LoadedCohort,
  session: LoadedSession,
  settings: SecretsSettings | undefined,
  kinds: Kinds,
): Resolution {
  const { document, name } = session;
  if (document === undefined || session.file === undefined) return NOTHING;
  const lab = loaded.labs.find((each) => each.name === document.spec.lab);
  const sources = { loaded, project, lab, cohort, session, document };
  // What is said of an unknown lab tells of all others.
  if (lab === undefined) return resolved(sources, settings, kinds);
  const { secretFiles } = loaded;
  const secret = secretFile(cohort.name, name);
  const files = [loaded.project.document, lab.document, cohort.document];
  return resolvedOnce(document, [...files, secretFiles.has(secret), secretFiles.get(secret)], () =>
    resolved(sources, settings, kinds),
  );
}

function resolved(sources: Sources, settings: SecretsSettings | undefined, kinds: Kinds): Resolution {
  const { loaded, lab, cohort, session, document } = sources;
  const based = (lab === undefined ? undefined : onBasis(sources, lab)) ?? checkedValues(sources, kinds);
  const problems = [...based.problems];
  const { values, given, basis } = based;
  if (values === undefined || lab?.document === undefined || settings === undefined)
    return { placed: undefined, problems };
  const namespace = namespaceOf(cohort);
  const secret = resolveSecret(loaded, cohort, session, settings, values, namespace, problems);
  const isGenerated = secret.provider === 'generated';
  const placed = {
    resolved: {
      id: document.metadata.name,
      cohort: cohort.name,
      namespace,
      lab: lab.name,
      values: isGenerated ? values : withSecret(values, secret),
      // Merging takes time, and most sessions are asked for it by nobody.
      get given() {
        return isGenerated ? given() : merge(given(), { codeServer: { existingSecret: secret.place.name } });
      },
      secret,
      ...(basis === undefined ? {} : { basis, isKnown: basis === session.basis }),
    },
    // Asked for where something is wrong.
    get layers() {
      return layersOf(sources);
    },
  };
  return { placed, problems };
}

/** The values of a session, without its Secret. */
interface BasedValues {
  /** Undefined when they are not right. */
  readonly values?: SessionValues | undefined;
  readonly given: () => Mapping;
  readonly problems: readonly Problem[];
  /** When all there is to say of them is said of other sessions too. */
  readonly basis?: Basis | undefined;
}

const layersOf = ({ project, lab, cohort, session, document }: Sources): Layer[] => [
  project,
  lab === undefined ? { source: session, values: STAND_IN } : layer(lab),
  layer(cohort),
  { source: session, values: document.spec.values ?? {} },
];

function identityOf({ metadata, spec: { userId, expiresAt, suspended } }: SessionDocument): Mapping {
  const session: Mapping = { id: metadata.name, userId };
  if (expiresAt !== undefined) session['expiresAt'] = expiresAt;
  return suspended === undefined ? { session } : { session, suspended };
}

const sharedSources = ({ loaded, cohort }: Sources, lab: Loaded<LabDocument>): Loaded<unknown>[] => [
  loaded.project,
  lab,
  cohort,
];

/** What a session's values came to before, if they are made of the same. */
function onBasis(sources: Sources, lab: Loaded<LabDocument>): BasedValues | undefined {
  const { basis } = sources.session;
  if (basis === undefined) return undefined;
  if (!isMadeOf(basis, sharedSources(sources, lab))) return undefined;
  const identity = identityOf(sources.document);
  return {
    values: withIdentity(basis.values, identity),
    given: () => merge(basis.given, identity),
    problems: basis.problems,
    basis,
  };
}

function checkedValues(sources: Sources, kinds: Kinds): BasedValues {
  const { loaded, lab, cohort, session, document } = sources;
  const layers = layersOf(sources);
  const { lab: labName, values } = document.spec;
  const problems: Problem[] = lab === undefined ? [unknownLab(labName, loaded, session)] : [];
  if (
    loaded.project.document === undefined ||
    cohort.document === undefined ||
    (lab !== undefined && lab.document === undefined)
  )
    return { given: () => ({}), problems };

  const identity = identityOf(document);
  const key = JSON.stringify([cohort.name, labName, values]);
  // What is missing may have been in the part of a file that is not right.
  const isFlawed = layers.some(({ source }) => source.isFlawed === true);
  const kind = isFlawed ? undefined : kinds.get(key);
  const given = kind?.given ?? mergedValues(layers);
  const alike = kind === undefined ? undefined : checkAlike(kind.values, identity);
  const checked = alike ?? checkValues(merge(given, identity));
  const toTell = checked.problems.filter(({ code }) => !isFlawed || code !== 'missing');
  const placedHere = (problem: ValueProblem): Problem => placed(problem, layers, session);
  problems.push(...toTell.map(placedHere));
  if (kind !== undefined && alike !== undefined) problems.push(...kind.shared, ...kind.own.map(placedHere));
  const withoutUse = kind?.hasNulls === false ? [] : nullsWithoutUse(layers);
  problems.push(...withoutUse);
  if (checked.values !== undefined && lab?.document !== undefined)
    problems.push(...unusualDisk(lab.document.spec.diskSize, checked.values, lab.name, layers, session));
  const isOwn = ({ file }: Problem): boolean => file === session.path;
  const isShared = !isFlawed && !problems.some(isOwn);
  let basis = isShared ? kind?.basis : undefined;
  if (kind === undefined && !isFlawed && checked.values !== undefined) {
    const rest = problemsOfTheRest(checked.values);
    const hasNulls = withoutUse.length > 0;
    if (isShared && lab !== undefined) {
      const from = sourcesOf(sharedSources(sources, lab));
      basis = { sources: from, given, values: checked.values, problems };
    }
    kinds.set(key, {
      given,
      values: checked.values,
      shared: rest.map(placedHere).filter((problem) => !isOwn(problem)),
      own: rest.filter((problem) => isOwn(placedHere(problem))),
      hasNulls,
      ...(basis === undefined ? {} : { basis }),
    });
  }
  return { values: checked.values, given: () => merge(given, identity), problems, basis };
}

/** Values that name the Secret, whoever makes it, so that nothing else does. */
const withSecret = (values: SessionValues, { place }: SessionSecret): SessionValues => ({
  ...values,
  codeServer: { ...values.codeServer, existingSecret: place.name },
});

/** Keys of a user's own choice (labels …) that are null although no outer file sets them: most likely a text that lacks its quotes. */
function nullsWithoutUse(layers: readonly Layer[]): Problem[] {
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

function unusualDisk(
  range: { min: string; max: string } | undefined,
  { rootfs: { diskSize } }: SessionValues,
  lab: string,
  layers: readonly Layer[],
  session: Loaded<unknown>,
): Problem[] {
  const bytes = (size: string) => nano(diskQuantity(size));
  if (range === undefined || (bytes(diskSize) >= bytes(range.min) && bytes(diskSize) <= bytes(range.max))) return [];
  const message = `is ${diskSize}; the lab ${lab} is meant for ${range.min} to ${range.max}`;
  return [
    placed({ severity: 'warning', code: 'unusual-size', path: ['rootfs', 'diskSize'], message }, layers, session),
  ];
}
