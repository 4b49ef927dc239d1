import type { SessionSecret } from '../model/session';
import type { SecretsSettings } from '../api/settings/secrets';
import type { SessionValues } from '../api/values/schema';
import type { Diagnostics } from '../core/diagnostics';
import type { CohortDocument, Documents, SessionDocument } from '../source/document';
import { resolveSecret } from './secret';
import type { SessionClasses } from './session-class';
import { layersOf } from './session-values';
import { namespaceOf, type Placed } from './value-layers';

/**
 * Resolves a session; undefined when it cannot be rendered.
 * @param settings of its cohort's passwords; undefined when they are not valid
 * @param classes of the sessions of its cohort
 */
export function resolveSession(
  documents: Documents,
  cohort: CohortDocument,
  session: SessionDocument,
  settings: SecretsSettings | undefined,
  classes: SessionClasses,
  diagnostics: Diagnostics,
): Placed | undefined {
  const { value: content } = session;
  if (content === undefined) return undefined;
  const lab = documents.labs.find((each) => each.name === content.spec.lab);
  const files = { documents, lab, cohort, session, content };
  const { values, given, sessionClass, problems } = classes.valuesOf(files);
  diagnostics.add(problems);
  if (values === undefined || lab?.value === undefined || settings === undefined) return undefined;
  const namespace = namespaceOf(cohort);
  const secret = resolveSecret(documents, cohort, session, settings, values, namespace, diagnostics);
  const resolved = {
    id: content.metadata.name,
    cohort: cohort.name,
    namespace,
    lab: lab.name,
    values: withSecret(values, secret),
    given,
    secret,
    ...(sessionClass === undefined || hasOwnSecretName(secret) ? {} : { sessionClass }),
  };
  return { resolved, session, layers: layersOf(files) };
}

/** Whether the name of a session's Secret is not the one that its values give. */
const hasOwnSecretName = ({ generation }: SessionSecret): boolean => generation > 1;

/** Values that name the Secret where they would not by themselves. */
const withSecret = (values: SessionValues, secret: SessionSecret): SessionValues =>
  hasOwnSecretName(secret)
    ? { ...values, codeServer: { ...values.codeServer, existingSecret: secret.place.name } }
    : values;
