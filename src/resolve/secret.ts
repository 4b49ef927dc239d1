import type { Path } from '@dozlab/charts/schema';
import { secretFile } from '../api/file-names';
import type { SecretsSettings } from '../api/settings/secrets';
import type { SessionValues } from '../api/values/schema';
import { Diagnostics, type ValueProblem } from '../core/diagnostics';
import type { SessionSecret } from '../model/session';
import { unencryptedProblems } from '../secrets/check-file';
import { checkText } from '../secrets/check-text';
import { existing } from '../secrets/existing';
import type { ReadFile, SecretProvider } from '../secrets/provider';
import { PROVIDERS, ownSettings, providerOf } from '../secrets/providers';
import { FolderSource } from '../source/folder-source';
import type { Document, CohortDocument, Documents } from '../source/document';
import { secretsSettings } from '../source/schemas';
import type { YamlFile } from '../source/yaml';
import { cohortDelivery, layeredSettings, ownerOf } from './cohort';

const SETTINGS: Path = ['spec', 'secrets'];

/** Undefined if invalid. */
export function cohortSettings(
  documents: Documents,
  cohort: CohortDocument,
  diagnostics: Diagnostics,
): SecretsSettings | undefined {
  const settings = layeredSettings(SETTINGS, secretsSettings, documents, cohort, diagnostics);
  if (settings === undefined) return undefined;
  const provider = providerOf(settings.provider);
  const problems = provider.check?.(ownSettings(settings), cohortDelivery(documents, cohort)) ?? [];
  reportInSettings(problems, documents, cohort, diagnostics);
  return settings;
}

function reportInSettings(
  problems: readonly ValueProblem[],
  { project }: Documents,
  cohort: CohortDocument,
  diagnostics: Diagnostics,
): void {
  for (const problem of problems) {
    const path = [...SETTINGS, ...problem.path];
    diagnostics.report(ownerOf(path, cohort, project), { ...problem, path, key: false });
  }
}

export function checkSources(documents: Documents, folder: string, now: Date, diagnostics: Diagnostics): void {
  for (const cohort of documents.cohorts) {
    const settings = cohortSettings(documents, cohort, new Diagnostics());
    if (settings === undefined) continue;
    const provider = providerOf(settings.provider);
    const problems = provider.checkSources?.(ownSettings(settings), fileReader(folder), now) ?? [];
    reportInSettings(problems, documents, cohort, diagnostics);
  }
}

export const fileReader =
  (folder: string): ReadFile =>
  (path) => {
    const diagnostics = new Diagnostics();
    const text = new FolderSource(folder).read(path, diagnostics)?.text;
    if (text !== undefined) return { text };
    const [problem] = diagnostics.problems;
    if (problem?.code === 'outside-project') return { fault: 'is outside the project' };
    return { fault: problem?.message ?? 'does not exist' };
  };

export function resolveSecret(
  documents: Documents,
  cohort: CohortDocument,
  session: Document<{ spec: { secretGeneration?: number | undefined } }>,
  settings: SecretsSettings,
  values: SessionValues,
  namespace: string,
  diagnostics: Diagnostics,
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
    diagnostics.warning(session, field, 'has-no-effect', message);
  }
  if (!documents.secretFiles.has(path)) {
    if (provider.file === undefined) return secret;
    const message = `has no password: the provider is ${provider.name}, and there is no ${path}. Fix: dozlab secret set ${cohort.name}/${session.name}`;
    diagnostics.error(session.path, [], 'missing-secret', message);
    return secret;
  }
  const file = documents.secretFiles.get(path);
  if (provider.file === undefined) {
    if (cohort.isFlawed === true || documents.project.isFlawed === true) return secret;
    const message = `is not used: the provider is ${provider.name}. Fix: remove it`;
    diagnostics.warning(path, [], 'unused-secret', message);
    reportClear(file, diagnostics);
    return secret;
  }
  if (file === undefined) return { ...secret, isUnreadable: true };
  checkText(file, diagnostics);
  for (const problem of provider.file.check(file.content, secret.place, own)) diagnostics.report(file, problem);
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

function reportClear(file: YamlFile | undefined, diagnostics: Diagnostics): void {
  if (file !== undefined) for (const problem of unencryptedProblems(file.content)) diagnostics.report(file, problem);
}

export function checkStrayFiles({ secretFiles, cohorts }: Documents, diagnostics: Diagnostics): void {
  const used = new Set(cohorts.flatMap(({ name, sessions }) => sessions.map((each) => secretFile(name, each.name))));
  for (const [path, file] of secretFiles) {
    if (used.has(path)) continue;
    diagnostics.warning(path, [], 'unused-secret', 'belongs to no session. Fix: remove it, or name it after a session');
    reportClear(file, diagnostics);
  }
}

export function checkPasswords(
  sessions: readonly { readonly file: string; readonly secret: SessionSecret }[],
  diagnostics: Diagnostics,
): void {
  for (const provider of PROVIDERS) {
    const own = sessions.filter(({ secret }) => secret.provider === provider.name);
    for (const { file, message } of provider.checkTogether?.(own) ?? [])
      diagnostics.error(file, [], 'conflict', message);
  }
}
