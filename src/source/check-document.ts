import type { z } from 'zod';
import { COHORT_FILE } from '../api/file-names';
import { checkSchema, withoutProblems } from '../core/check-schema';
import type { ValueProblem } from '../core/diagnostics';
import { shownValue } from '../core/redact';
import { at, isMapping, type Path } from '@dozlab/charts/schema';
import { pastedSecret } from './pasted-secret';
import type { YamlFile } from './yaml';

export interface CheckedDocument<T> {
  /** The content, without what is not valid; absent when too little of it is valid. */
  readonly value?: T | undefined;
  readonly problems: readonly ValueProblem[];
}

const NAME: Path = ['metadata', 'name'];
const PASSWORD: Path = ['spec', 'values', 'codeServer', 'password'];

/** @param expectedName the name that the file should give, by its path */
export function checkDocument<T extends z.ZodType>(
  file: YamlFile,
  schema: T,
  expectedName: string | undefined,
): CheckedDocument<z.output<T>> {
  // Somebody pasted another object: problems of its other fields would not help.
  const pasted = pastedProblem(file);
  if (pasted !== undefined) return { problems: [pasted] };
  const hasPassword = at(file.content, PASSWORD) !== undefined;
  const content = hasPassword ? withoutPassword(file.content) : file.content;
  const { data, problems } = checkSchema(schema, content);
  const found = [...problems];
  if (hasPassword) {
    const message =
      'is a secret, which must not be in a file that is kept; accepted: leave it out. dozlab secret set keeps it as spec.secrets of dozlab.yaml says; codeServer.existingSecret names a Secret of the cluster';
    found.push({ severity: 'error', code: 'secret-in-file', path: PASSWORD, key: true, message });
  }
  const name = at(content, NAME);
  const isNameValid = typeof name === 'string' && !problems.some(({ path }) => path.join() === NAME.join());
  if (expectedName !== undefined && isNameValid && name !== expectedName) {
    const place = file.path.endsWith(`/${COHORT_FILE}`) ? 'folder' : 'file';
    const message = `is ${shownValue(NAME, name)}, but the ${place} is named ${expectedName}; accepted: ${expectedName}`;
    found.push({ severity: 'error', code: 'conflict', path: NAME, message });
  }
  return { value: data ?? schema.safeParse(withoutProblems(content, problems)).data, problems: found };
}

function pastedProblem({ content }: YamlFile): ValueProblem | undefined {
  const pasted = pastedSecret(content);
  if (pasted === undefined) return undefined;
  const { path, kind, provider } = pasted;
  const place =
    provider === undefined
      ? 'no Secret in this file: dozlab secret set keeps a password as spec.secrets of dozlab.yaml says'
      : `secrets/<cohort>/<session>.yaml, where dozlab secret set writes it and the provider ${provider} reads it`;
  const message = `is a ${kind}, which does not belong here; accepted: ${place}`;
  return { severity: 'error', code: provider === undefined ? 'secret-in-file' : 'misplaced', path, key: true, message };
}

function withoutPassword(content: unknown): unknown {
  const copy: unknown = structuredClone(content);
  const codeServer = at(copy, PASSWORD.slice(0, -1));
  if (isMapping(codeServer)) delete codeServer['password'];
  return copy;
}
