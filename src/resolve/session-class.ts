import { isDeepStrictEqual } from 'node:util';
import { serialize } from 'node:v8';
import { IDENTITY_RULES } from '../api/rules/all';
import { identityOf, identityValues } from '../api/session';
import type { SecretsSettings } from '../api/settings/secrets';
import type { SessionValues } from '../api/values/schema';
import type { Diagnostics, Problem, ValueProblem } from '../core/diagnostics';
import type { Session, SessionClass, SessionSecret } from '../model/session';
import type { CohortDocument, Documents, SessionDocument } from '../source/document';
import { namespaceOf } from './cohort';
import { resolveSecret } from './secret';
import { type LayeredValues, type Layer, layersOf, type SessionFiles, sessionValues } from './value-layers';

export interface ResolvedSession {
  readonly session: Session;
  readonly document: SessionDocument;
  readonly layers: readonly Layer[];
}

export function resolveSession(
  documents: Documents,
  cohort: CohortDocument,
  document: SessionDocument,
  settings: SecretsSettings | undefined,
  classes: SessionClasses,
  diagnostics: Diagnostics,
): ResolvedSession | undefined {
  const { value: content } = document;
  if (content === undefined) return undefined;
  const lab = documents.labs.find((each) => each.name === content.spec.lab);
  const files = { documents, lab, cohort, session: document, content };
  const { values, given, sessionClass, problems } = classes.valuesOf(files);
  diagnostics.add(problems);
  if (values === undefined || lab?.value === undefined || settings === undefined) return undefined;
  const namespace = namespaceOf(cohort);
  const secret = resolveSecret(documents, cohort, document, settings, values, namespace, diagnostics);
  const session = {
    id: content.metadata.name,
    cohort: cohort.name,
    namespace,
    lab: lab.name,
    values: withSecret(values, secret),
    given,
    secret,
    ...(sessionClass === undefined || hasOwnSecretName(secret) ? {} : { sessionClass }),
  };
  return { session, document, layers: layersOf(files) };
}

/** Generations after the first rename the Secret. */
const hasOwnSecretName = ({ generation }: SessionSecret): boolean => generation > 1;

const withSecret = (values: SessionValues, secret: SessionSecret): SessionValues =>
  hasOwnSecretName(secret)
    ? { ...values, codeServer: { ...values.codeServer, existingSecret: secret.place.name } }
    : values;

interface ValuesOfClass extends LayeredValues {
  readonly sessionClass?: SessionClass;
}

interface FirstSession {
  readonly shared: SessionClass;
  readonly problems: readonly Problem[];
  readonly ofIdentity: readonly ValueProblem[];
  readonly path: string;
}

interface CohortClasses {
  /** With problems in the file of the cohort. */
  readonly own: Map<string, FirstSession>;
  /** Of all cohorts with equal values. */
  readonly shared: Map<string, FirstSession>;
}

/** All rules check the first session of a class; identity rules check the others. */
export class SessionClasses {
  private readonly ofCohorts = new Map<CohortDocument, CohortClasses>();
  private readonly ofValues = new Map<string, Map<string, FirstSession>>();

  valuesOf(files: SessionFiles): ValuesOfClass {
    const { session, lab, cohort } = files;
    const { classText } = session;
    if (classText === undefined || lab?.value === undefined) return sessionValues(files);
    const { own, shared } = this.classesOf(cohort);
    const first = own.get(classText) ?? shared.get(classText);
    if (first !== undefined) return valuesLike(first, files) ?? sessionValues(files);
    const checked = sessionValues(files);
    const { values, given, problems } = checked;
    if (values === undefined) return checked;
    const sessionClass = { values, given };
    const classes = problems.some(({ file }) => file === cohort.path) ? own : shared;
    const ofIdentity = identityProblems(values);
    classes.set(classText, { shared: sessionClass, problems, ofIdentity, path: session.path });
    return { ...checked, sessionClass };
  }

  private classesOf(cohort: CohortDocument): CohortClasses {
    const found = this.ofCohorts.get(cohort);
    if (found !== undefined) return found;
    const { value, isFlawed } = cohort;
    const key = serialize([value?.spec.values, isFlawed]).toString('latin1'); // JSON has no NaN
    const shared = this.ofValues.get(key) ?? new Map<string, FirstSession>();
    this.ofValues.set(key, shared);
    const classes = { own: new Map<string, FirstSession>(), shared };
    this.ofCohorts.set(cohort, classes);
    return classes;
  }
}

const identityProblems = (values: SessionValues): ValueProblem[] => IDENTITY_RULES.flatMap((rule) => rule(values));

/** Undefined if identity rules report other problems than for the first session. */
function valuesLike(
  { shared, problems, ofIdentity, path }: FirstSession,
  { session, content }: SessionFiles,
): ValuesOfClass | undefined {
  const values: SessionValues = { ...shared.values, ...identityValues(identityOf(content)) };
  const found = identityProblems(values);
  if (found.length + ofIdentity.length > 0 && !isDeepStrictEqual(found, ofIdentity)) return undefined;
  return {
    values,
    given: shared.given,
    // Everything has the same position in all files of a class.
    problems: problems.map((problem) => (problem.file === path ? { ...problem, file: session.path } : problem)),
    sessionClass: shared,
  };
}
