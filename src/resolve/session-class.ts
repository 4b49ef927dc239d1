import { isDeepStrictEqual } from 'node:util';
import type { SessionClass } from '../model/session';
import { IDENTITY_RULES } from '../api/rules/all';
import { identityOf, identityValues } from '../api/session-identity';
import type { SessionValues } from '../api/values/schema';
import type { Problem } from '../core/diagnostics';
import type { ValueProblem } from '../core/diagnostics';
import { sessionValues, type CheckedSession, type SessionFiles } from './session-values';

/** A class, as its first session was resolved. */
interface ResolvedClass {
  readonly shared: SessionClass;
  readonly problems: readonly Problem[];
  /** The problems that rules which read the identity found. */
  readonly ofIdentity: readonly ValueProblem[];
  /** Path of the first session's file. */
  readonly path: string;
}

/**
 * The values of the sessions of one cohort. Sessions whose files differ in nothing but their identity are a class: merging, the schema and all
 * rules run once for it, and for each session the rules that read the identity.
 */
export class SessionClasses {
  private readonly known = new Map<string, ResolvedClass>();

  /** What `sessionValues` gives, and the class of the session where it has one. */
  valuesOf(files: SessionFiles): CheckedSession {
    const { session, lab } = files;
    const { classText } = session;
    if (classText === undefined || lab?.value === undefined) return sessionValues(files);
    const known = this.known.get(classText);
    if (known !== undefined) return ofClass(known, files) ?? sessionValues(files);
    const first = sessionValues(files);
    const { values, given, problems } = first;
    if (values === undefined) return first;
    const shared = { values, given };
    this.known.set(classText, { shared, problems, ofIdentity: problemsOfIdentity(values), path: session.path });
    return { ...first, sessionClass: shared };
  }
}

const problemsOfIdentity = (values: SessionValues): ValueProblem[] => IDENTITY_RULES.flatMap((rule) => rule(values));

/** Undefined where a rule finds something else in the identity than in that of the first session. */
function ofClass(
  { shared, problems, ofIdentity, path }: ResolvedClass,
  files: SessionFiles,
): CheckedSession | undefined {
  const { session, content } = files;
  const values: SessionValues = { ...shared.values, ...identityValues(identityOf(content)) };
  if (!isDeepStrictEqual(problemsOfIdentity(values), ofIdentity)) return undefined;
  return {
    values,
    given: shared.given,
    // Files of a class have everything at the same line and column.
    problems: problems.map((problem) => (problem.file === path ? { ...problem, file: session.path } : problem)),
    sessionClass: shared,
  };
}
