import { KnownFile } from '../../cache/known-file';
import type { LoadedProject } from '../../source/load-project';
import type { YamlFile } from '../../source/yaml';
import { keepSecret } from '../../core/redact';
import { isMapping } from '@dozlab/charts/schema';

/** Keys whose text is a password, whoever wrote it and wherever it stands. */
const PASSWORD = /^(password|passwd|passphrase|hashed-?password)$/i;

/**
 * Remembers what files of a project hold that must never have been in them, so that nothing that is printed shows it: passwords, and the
 * data of Secrets.
 */
export function rememberSecrets({ project, labs, cohorts }: LoadedProject): void {
  const sessions = cohorts.flatMap((cohort) => cohort.sessions);
  for (const { file } of [project, ...labs, ...cohorts]) once(file, () => file?.content);
  // What is known of a file is all that it says, and need not be read again.
  for (const { file, document } of sessions) once(file, () => (file instanceof KnownFile ? document : file?.content));
}

const seen = new WeakSet<YamlFile>();

function once(file: YamlFile | undefined, content: () => unknown): void {
  if (file === undefined || seen.has(file)) return;
  seen.add(file);
  remember(content());
}

function remember(tree: unknown): void {
  if (Array.isArray(tree)) tree.forEach(remember);
  if (!isMapping(tree)) return;
  if (tree['kind'] === 'Secret') for (const part of [tree['data'], tree['stringData']]) rememberData(part);
  for (const [key, value] of Object.entries(tree)) {
    if (PASSWORD.test(key) && typeof value === 'string') keepSecret(value);
    else remember(value);
  }
}

function rememberData(data: unknown): void {
  if (!isMapping(data)) return;
  for (const value of Object.values(data)) {
    if (typeof value !== 'string') continue;
    keepSecret(value);
    const decoded = Buffer.from(value, 'base64').toString('utf8');
    if (Buffer.from(decoded).toString('base64') === value) keepSecret(decoded);
  }
}
