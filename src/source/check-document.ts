import type { z } from 'zod';
import { shownValue } from '../core/redact';
import { at, isMapping, type Path } from '@dozlab/charts/schema';
import { checkSchema, withoutProblems } from '../core/value-problem';
import { pastedSecret, type PastedSecret } from './pasted-secret';
import { problemAt, type Problem } from '../core/diagnostics';
import { COHORT_FILE } from '../api/file-names';
import type { YamlFile } from './yaml';

const PASSWORD: Path = ['spec', 'values', 'codeServer', 'password'];

/**
 * What a file says, as far as it is right; undefined when too little of it is. What is wrong is added to the problems.
 * @param expectedName what it is named for where it lies
 */
export function checkedDocument<T extends z.ZodType>(
  file: YamlFile,
  schema: T,
  expectedName: string | undefined,
  problems: Problem[],
): z.output<T> | undefined {
  const pasted = pastedSecret(file.content);
  if (pasted !== undefined) {
    problems.push(pastedProblem(file, pasted));
    // What stands around it is not what was meant: there is nothing more to say.
    return undefined;
  }
  const hasPassword = at(file.content, PASSWORD) !== undefined;
  if (hasPassword) {
    const message =
      'is a secret, which must not be in a file that is kept; accepted: leave it out. dozlab secret set keeps it as spec.secrets of dozlab.yaml says; codeServer.existingSecret names a Secret of the cluster';
    problems.push(problemAt('error', 'secret-in-file', file.path, file.locate(PASSWORD, true), PASSWORD, message));
  }
  const content = hasPassword ? withoutPassword(file.content) : file.content;
  const { data, problems: found } = checkSchema(schema, content);
  for (const { severity, code, path, message, key } of found) {
    problems.push(problemAt(severity, code, file.path, file.locate(path, key), path, message));
  }
  const name = at(content, NAME);
  if (
    expectedName !== undefined &&
    typeof name === 'string' &&
    name !== expectedName &&
    !found.some(({ path }) => path.join() === NAME.join())
  ) {
    const place = file.path.endsWith(`/${COHORT_FILE}`) ? 'folder' : 'file';
    const message = `is ${shownValue(NAME, name)}, but the ${place} is named ${expectedName}; accepted: ${expectedName}`;
    problems.push(problemAt('error', 'conflict', file.path, file.locate(NAME), NAME, message));
  }
  return data ?? schema.safeParse(withoutProblems(content, found)).data;
}

function pastedProblem(file: YamlFile, { path, kind, provider }: PastedSecret): Problem {
  const place =
    provider === undefined
      ? 'no Secret in this file: dozlab secret set keeps a password as spec.secrets of dozlab.yaml says'
      : `secrets/<cohort>/<session>.yaml, where dozlab secret set writes it and the provider ${provider} reads it`;
  const message = `is a ${kind}, which does not belong here; accepted: ${place}`;
  const code = provider === undefined ? 'secret-in-file' : 'misplaced';
  return problemAt('error', code, file.path, file.locate(path, true), path, message);
}

const NAME: Path = ['metadata', 'name'];

function withoutPassword(content: unknown): unknown {
  const copy: unknown = structuredClone(content);
  const codeServer = at(copy, PASSWORD.slice(0, -1));
  if (isMapping(codeServer)) delete codeServer['password'];
  return copy;
}
