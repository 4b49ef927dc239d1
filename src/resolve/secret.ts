import type { Path } from '@dozlab/charts/schema';
import { secretFile } from '../api/file-names';
import type { SecretsSettings } from '../api/settings/secrets';
import type { SessionValues } from '../api/values/schema';
import { problemAt, type Problem } from '../core/diagnostics';
import type { ValueProblem } from '../core/value-problem';
import type { SessionSecret } from '../model/session';
import { clearSecretProblems } from '../secrets/check-file';
import { existing } from '../secrets/existing';
import type { ReadFile, SecretProvider } from '../secrets/provider';
import { PROVIDERS, ownSettings, providerOf } from '../secrets/providers';
import { FolderSource } from '../source/folder-source';
import type { Document, CohortDocument, Documents } from '../source/document';
import { secretsSettings } from '../source/schemas';
import type { YamlFile } from '../source/yaml';
import { cohortDelivery } from './delivery';
import { layeredSettings, settingProblem } from './layered-settings';

/** Passwords of sessions: settings of the project and of cohorts, files in `secrets/`, and their problems. */

const SETTINGS: Path = ['spec', 'secrets'];
const START = { line: 1, column: 1 };

/** The settings of a cohort's passwords; undefined when they are wrong. */
export function cohortSettings(
  loaded: Documents,
  cohort: CohortDocument,
  problems: Problem[],
): SecretsSettings | undefined {
  const settings = layeredSettings(SETTINGS, secretsSettings, loaded, cohort, problems);
  if (settings === undefined) return undefined;
  const provider = providerOf(settings.provider);
  const found = provider.check?.(ownSettings(settings), cohortDelivery(loaded, cohort)) ?? [];
  problems.push(...found.map((problem) => inSettings(problem, loaded, cohort)));
  return settings;
}

const inSettings = (
  { severity, code, path, message }: ValueProblem,
  { project }: Documents,
  cohort: CohortDocument,
): Problem => settingProblem(severity, code, [...SETTINGS, ...path], message, cohort, project);

/** Problems of the files that settings name, such as certificates. */
export function sourceProblems(loaded: Documents, folder: string, now: Date): Problem[] {
  return loaded.cohorts.flatMap((cohort) => {
    const settings = cohortSettings(loaded, cohort, []);
    if (settings === undefined) return [];
    const provider = providerOf(settings.provider);
    const found = provider.checkSources?.(ownSettings(settings), fileReader(folder), now) ?? [];
    return found.map((problem) => inSettings(problem, loaded, cohort));
  });
}

/** Reads files of a project for providers. */
export const fileReader =
  (folder: string): ReadFile =>
  (path) => {
    const problems: Problem[] = [];
    const text = new FolderSource(folder).read(path, problems)?.text;
    if (text !== undefined) return { text };
    const [problem] = problems;
    if (problem?.code === 'outside-project') return { fault: 'is outside the project' };
    return { fault: problem?.message ?? 'is not there' };
  };

/** The secret of a session, with its file in `secrets/`, whose problems it reports. */
export function resolveSecret(
  loaded: Documents,
  cohort: CohortDocument,
  session: Document<{ spec: { secretGeneration?: number | undefined } }>,
  settings: SecretsSettings,
  values: SessionValues,
  namespace: string,
  problems: Problem[],
): SessionSecret {
  const generation = session.value?.spec.secretGeneration;
  const isNamed = values.codeServer.existingSecret !== undefined;
  const provider: SecretProvider = isNamed ? existing : providerOf(settings.provider);
  const own = isNamed ? undefined : ownSettings(settings);
  const secret = sessionSecret(provider, own, values, namespace, generation ?? 1);
  const path = secretFile(cohort.name, session.name);
  if (generation !== undefined && provider.secretName === undefined) {
    const field = ['spec', 'secretGeneration'];
    const counting = PROVIDERS.filter((each) => each.secretName !== undefined).map(({ name }) => name);
    const message = `has no effect with the provider ${provider.name}, only with ${counting.join(' and ')}. Fix: remove it`;
    problems.push(
      problemAt('warning', 'has-no-effect', session.path, session.file?.locate(field) ?? START, field, message),
    );
  }
  if (!loaded.secretFiles.has(path)) {
    if (provider.file !== undefined) problems.push(missingPassword(session.path, cohort.name, session.name, secret));
    return secret;
  }
  const file = loaded.secretFiles.get(path);
  if (provider.file === undefined) {
    if (cohort.isFlawed === true || loaded.project.isFlawed === true) return secret;
    const message = `is not used: the provider is ${provider.name}. Fix: remove it`;
    problems.push(problemAt('warning', 'unused-secret', path, START, [], message), ...clearProblems(file));
    return secret;
  }
  if (file === undefined) return { ...secret, isUnreadable: true };
  problems.push(...placedIn(file, provider.file.check(file.content, secret.place)));
  return { ...secret, text: file.text };
}

function sessionSecret(
  provider: SecretProvider,
  settings: unknown,
  { session, codeServer }: SessionValues,
  namespace: string,
  generation: number,
): SessionSecret {
  const { existingSecret, existingSecretKey: key } = codeServer;
  const name = existingSecret ?? `lab-session-${session.id}-secrets`;
  const counted = provider.secretName === undefined ? 1 : generation;
  return {
    provider: provider.name,
    settings,
    generation: counted,
    place: {
      namespace,
      name: counted === 1 ? name : (provider.secretName?.(name, counted) ?? name),
      key,
      session: session.id,
    },
    ...(provider.isMadeByChart === true ? { isMadeByChart: true } : {}),
  };
}

const missingPassword = (file: string, cohort: string, session: string, { provider }: SessionSecret): Problem =>
  problemAt(
    'error',
    'missing-secret',
    file,
    START,
    [],
    `has no password: the provider is ${provider}, and there is no ${secretFile(cohort, session)}. Fix: dozlab secret set ${cohort}/${session}`,
  );

/** Passwords in the clear, in a file that no provider reads. */
const clearProblems = (file: YamlFile | undefined): Problem[] =>
  file === undefined ? [] : placedIn(file, clearSecretProblems(file.content));

const placedIn = (file: YamlFile, problems: readonly ValueProblem[]): Problem[] =>
  problems.map(({ severity, code, path, message }) =>
    problemAt(severity, code, file.path, file.locate(path), path, message),
  );

/** Files in `secrets/` that belong to no session. */
export function strayFiles({ secretFiles, cohorts }: Documents): Problem[] {
  const used = new Set(cohorts.flatMap(({ name, sessions }) => sessions.map((each) => secretFile(name, each.name))));
  return Array.from(secretFiles)
    .filter(([path]) => !used.has(path))
    .flatMap(([path, file]) => {
      const message = 'belongs to no session. Fix: remove it, or name it after a session';
      return [problemAt('warning', 'unused-secret', path, START, [], message), ...clearProblems(file)];
    });
}

/** Conflicts between the passwords of sessions, such as one path of a store for two. */
export const passwordConflicts = (sessions: readonly { file: string; secret: SessionSecret }[]): Problem[] =>
  PROVIDERS.flatMap((provider) => {
    const own = sessions.filter(({ secret }) => secret.provider === provider.name);
    const found = provider.checkTogether?.(own) ?? [];
    return found.map(({ file, message }) => problemAt('error', 'conflict', file, START, [], message));
  });
