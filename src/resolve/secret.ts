import type { ValueProblem } from '../core/value-problem';
import type { SessionValues } from '../api/values/schema';
import { clearSecretProblems, sealedSecretProblems, sopsProblems } from '../secrets/validate';
import { hasFile, secretFile, sessionSecret, storePath } from '../secrets/provider';
import type { SessionSecret } from '../model/session';
import { secretsSettings, type SecretsSettings } from '../api/settings/secrets';
import type { Path } from '@dozlab/charts/schema';
import type { Loaded, LoadedCohort, LoadedProject } from '../source/load-project';
import { problemAt, type Problem } from '../core/diagnostics';
import { layeredSettings, settingProblem } from './layered-settings';
import type { YamlFile } from '../source/yaml';

/** How sessions come to their passwords: settings of the project and of cohorts, files in `secrets/`, and what is wrong with them. */

const SETTINGS: Path = ['spec', 'secrets'];
const START = { line: 1, column: 1 };

/** How a cohort's sessions come into the cluster. */
export const deliveryOf = ({ project }: Pick<LoadedProject, 'project'>, { document }: LoadedCohort) =>
  document?.spec.delivery ?? project.document?.spec.delivery ?? 'kustomize';

/** The settings of a cohort's passwords. Undefined when they are not right. */
export function cohortSettings(
  loaded: LoadedProject,
  cohort: LoadedCohort,
  problems: Problem[],
): SecretsSettings | undefined {
  const data = layeredSettings(SETTINGS, secretsSettings, loaded, cohort, problems);
  if (data?.provider === 'generated' && deliveryOf(loaded, cohort) !== 'helm') {
    const message =
      "is generated, for which the delivery must be helm, as nothing but Helm's lookup keeps such a password; with the delivery kustomize: external-secrets makes them in the cluster too, sealed-secrets and sops keep them in Git, existing leaves them to you";
    problems.push(settingProblem('error', 'conflict', [...SETTINGS, 'provider'], message, cohort, loaded.project));
  }
  return data;
}

/** The secret of a session, with its file in `secrets/`, after telling what is wrong with that. */
export function resolveSecret(
  loaded: LoadedProject,
  cohort: LoadedCohort,
  session: Loaded<{ spec: { secretGeneration?: number | undefined } }>,
  settings: SecretsSettings,
  values: SessionValues,
  namespace: string,
  problems: Problem[],
): SessionSecret {
  const generation = session.document?.spec.secretGeneration;
  const secret = sessionSecret(values, namespace, settings, generation ?? 1);
  const path = secretFile(cohort.name, session.name);
  if (generation !== undefined && secret.provider !== 'external-secrets') {
    const field = ['spec', 'secretGeneration'];
    const message = `has no effect: the provider is ${secret.provider}, and only external-secrets counts passwords`;
    problems.push(
      problemAt('warning', 'has-no-effect', session.path, session.file?.locate(field) ?? START, field, message),
    );
  }
  if (!loaded.secretFiles.has(path)) {
    if (hasFile(secret.provider)) problems.push(missingPassword(session.path, cohort.name, session.name, secret));
    return secret;
  }
  const file = loaded.secretFiles.get(path);
  if (!hasFile(secret.provider) && (cohort.isFlawed === true || loaded.project.isFlawed === true)) return secret;
  if (!hasFile(secret.provider)) {
    const message = `is not used: the session's password comes from ${secret.provider === 'existing' ? 'an existing Secret' : secret.provider}; remove it`;
    problems.push(problemAt('warning', 'unused-secret', path, START, [], message), ...clearProblems(file));
    return secret;
  }
  if (file === undefined) return { ...secret, isUnreadable: true };
  problems.push(...fileProblems(file, secret));
  return { ...secret, text: file.text };
}

const missingPassword = (file: string, cohort: string, session: string, { provider }: SessionSecret): Problem =>
  problemAt(
    'error',
    'missing-secret',
    file,
    START,
    [],
    `has no password: the provider is ${provider}, and there is no ${secretFile(cohort, session)}; make it by dozlab secret set ${cohort}/${session}`,
  );

function fileProblems(file: YamlFile, { provider, place }: SessionSecret): Problem[] {
  const check = provider === 'sops' ? sopsProblems : sealedSecretProblems;
  return placedIn(file, check(file.content, place));
}

/** Passwords in the clear, in a file that no provider reads. */
const clearProblems = (file: YamlFile | undefined): Problem[] =>
  file === undefined ? [] : placedIn(file, clearSecretProblems(file.content));

const placedIn = (file: YamlFile, problems: readonly ValueProblem[]): Problem[] =>
  problems.map(({ severity, code, path, message }) =>
    problemAt(severity, code, file.path, file.locate(path), path, message),
  );

/** Files in `secrets/` that belong to no session. */
export function strayFiles({ secretFiles, cohorts }: LoadedProject): Problem[] {
  const known = new Set(cohorts.flatMap(({ name, sessions }) => sessions.map((each) => secretFile(name, each.name))));
  return Array.from(secretFiles)
    .filter(([path]) => !known.has(path))
    .flatMap(([path, file]) => {
      const message = 'belongs to no session; remove it, or give it the name of one';
      return [problemAt('warning', 'unused-secret', path, START, [], message), ...clearProblems(file)];
    });
}

/** Sessions of several namespaces whose passwords one store would keep at one path. */
export function sharedPaths(sessions: readonly { file: string; secret: SessionSecret }[]): Problem[] {
  const first = new Map<string, string>();
  return sessions.flatMap(({ file, secret }) => {
    const { secretStoreRef: store, push } = secret.settings.externalSecrets;
    if (secret.provider !== 'external-secrets' || store?.kind !== 'ClusterSecretStore' || !push) return [];
    const path = storePath(secret);
    const place = `${store.name} ${path}`;
    const other = first.get(place);
    first.set(place, other ?? file);
    if (other === undefined) return [];
    const message = `has its password at ${path} in the store ${store.name}, as ${other} has; accepted: another id, or a path with {namespace} (spec.secrets.externalSecrets.path)`;
    return [problemAt('error', 'conflict', file, START, [], message)];
  });
}
