import type { SessionSecret } from '../model/session';
import type { SecretsSettings } from '../api/settings/secrets';
import type { SessionValues } from '../api/values/schema';
import type { Problem } from '../core/diagnostics';
import type { CohortDocument, Documents, SessionDocument } from '../source/document';
import { resolveSecret } from './secret';
import type { SessionClasses } from './session-class';
import { layersOf } from './session-values';
import { namespaceOf, type Layer, type Placed } from './value-layers';

interface Resolution {
  /** Undefined when the session cannot be rendered. */
  readonly placed?: Placed;
  readonly problems: readonly Problem[];
}

/**
 * Resolves a session.
 * @param settings of its cohort's passwords; undefined when they are not valid
 * @param classes of the sessions of its cohort
 */
export function resolveSession(
  loaded: Documents,
  project: Layer,
  cohort: CohortDocument,
  session: SessionDocument,
  settings: SecretsSettings | undefined,
  classes: SessionClasses,
): Resolution {
  const { value: content } = session;
  if (content === undefined) return { problems: [] };
  const lab = loaded.labs.find((each) => each.name === content.spec.lab);
  const files = { loaded, project, lab, cohort, session, content };
  const { values, given, sessionClass, problems: found } = classes.valuesOf(files);
  if (values === undefined || lab?.value === undefined || settings === undefined) return { problems: found };
  const problems = [...found];
  const namespace = namespaceOf(cohort);
  const secret = resolveSecret(loaded, cohort, session, settings, values, namespace, problems);
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
  return { placed: { resolved, layers: layersOf(files) }, problems };
}

/** Whether the name of a session's Secret is not the one that its values give. */
const hasOwnSecretName = ({ generation }: SessionSecret): boolean => generation > 1;

/** Values that name the Secret where they would not by themselves. */
const withSecret = (values: SessionValues, secret: SessionSecret): SessionValues =>
  hasOwnSecretName(secret)
    ? { ...values, codeServer: { ...values.codeServer, existingSecret: secret.place.name } }
    : values;
