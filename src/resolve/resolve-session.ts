import { releaseValues } from '../model/release-values';
import { secretFile } from '../api/file-names';
import type { SessionSecret } from '../model/session';
import type { SecretsSettings } from '../api/settings/secrets';
import type { SessionValues } from '../api/values/schema';
import { AlikeValues } from './session-class';
import type { LabDocument } from '../api/lab';
import { namespaceOf, type Layer } from './value-layers';
import type { Loaded, LoadedCohort, LoadedProject, LoadedSession } from '../source/load-project';
import { resolvedOnce, type Resolution } from './memo';
import { resolveSecret } from './secret';
import {
  identityOf,
  layersOf,
  sharedFiles,
  valuesAlone,
  type CheckedSession,
  type SessionFiles,
} from './session-values';
import { isMadeOf } from '../cache/sources';

/** What sessions have in common, by their cohorts and labs. */
export type Alike = Map<string, AlikeValues>;

const NOTHING: Resolution = { placed: undefined, problems: [] };

/**
 * What a session comes to.
 * @param alike what was found of others, where there may be many; it grows
 */
export function resolveSession(
  loaded: LoadedProject,
  project: Layer,
  cohort: LoadedCohort,
  session: LoadedSession,
  settings: SecretsSettings | undefined,
  alike?: Alike,
): Resolution {
  const { document, name } = session;
  if (document === undefined || session.file === undefined) return NOTHING;
  const lab = loaded.labs.find((each) => each.name === document.spec.lab);
  const sources = { loaded, project, lab, cohort, session, document };
  // What is said of an unknown lab tells of all others.
  if (lab === undefined) return resolved(sources, settings, alike);
  const { secretFiles } = loaded;
  const secret = secretFile(cohort.name, name);
  const files = [loaded.project.document, lab.document, cohort.document];
  return resolvedOnce(document, [...files, secretFiles.has(secret), secretFiles.get(secret)], () =>
    resolved(sources, settings, alike),
  );
}

function resolved(files: SessionFiles, settings: SecretsSettings | undefined, alike: Alike | undefined): Resolution {
  const { loaded, lab, cohort, session, document } = files;
  const alikeOnes = lab === undefined ? undefined : alikeValues(files, lab, alike);
  const { values, given, kind, problems: found } = alikeOnes ?? valuesAlone(files);
  const problems = [...found];
  if (values === undefined || lab?.document === undefined || settings === undefined)
    return { placed: undefined, problems };
  const namespace = namespaceOf(cohort);
  const secret = resolveSecret(loaded, cohort, session, settings, values, namespace, problems);
  const placed = {
    resolved: {
      id: document.metadata.name,
      cohort: cohort.name,
      namespace,
      lab: lab.name,
      values: withSecret(values, secret),
      // Merging takes time, and most sessions are asked for it by nobody.
      get given() {
        return releaseValues(given, identityOf(document), secret);
      },
      secret,
      ...(kind === undefined || hasOwnSecretName(secret) ? {} : { kind }),
      isKnown: session.sources !== undefined && isMadeOf(session.sources, loaded, lab, cohort),
    },
    // Asked for where something is wrong.
    get layers() {
      return layersOf(files);
    },
  };
  return { placed, problems };
}

/** What a session's values come to, by what others of its lab in its cohort have come to. */
function alikeValues(
  files: SessionFiles,
  lab: Loaded<LabDocument>,
  alike: Alike | undefined,
): CheckedSession | undefined {
  const shared = sharedFiles(files, lab);
  // What is missing may have been in the part of a file that is not right.
  const isWhole = ({ document, isFlawed }: Loaded<unknown>): boolean => document !== undefined && isFlawed !== true;
  if (alike === undefined || ![files.session, ...shared].every(isWhole)) return undefined;
  const key = `${files.cohort.name}/${lab.name}`;
  const known = alike.get(key) ?? new AlikeValues(files, lab);
  alike.set(key, known);
  return known.of(files);
}

/** Whether the name of a session's Secret is not the one that its values give. */
const hasOwnSecretName = ({ generation }: SessionSecret): boolean => generation > 1;

/** Values that name the Secret where they would not by themselves. */
const withSecret = (values: SessionValues, secret: SessionSecret): SessionValues =>
  hasOwnSecretName(secret)
    ? { ...values, codeServer: { ...values.codeServer, existingSecret: secret.place.name } }
    : values;
