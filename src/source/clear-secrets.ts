import { isMapping, type Path } from '@dozlab/charts/schema';
import { placeAt, positionAt, type Place, type ValueProblem } from '../core/diagnostics';
import { IN_ADDRESS, secretForm, secretOffset } from '../core/secret-forms';
import type { YamlFile } from './yaml';

/** Secrets by their form, anywhere in a file of the project: values, keys and comments. */
export function clearSecrets(file: YamlFile): { readonly place: Place; readonly problem: ValueProblem }[] {
  // An escape such as \x41 hides a form in the text, but not in the content.
  const offset = secretOffset(file.text);
  if (offset < 0 && !file.text.includes('\\')) return [];
  const found = secretsIn(file.content, [], new Set());
  if (found.length > 0 || offset < 0)
    return found.filter((problem) => !isWarnedOf(problem)).map((problem) => ({ place: file, problem }));
  const place = placeAt(file.path, positionAt(file.text, offset));
  return [{ place, problem: inGit(secretForm(file.text) ?? '', []) }];
}

/** Variables of a database that only the lab uses: a rule warns of them. */
const isWarnedOf = ({ path, form }: Found): boolean => form === IN_ADDRESS && path.includes('extraEnv');

interface Found extends ValueProblem {
  readonly form: string;
}

/** @param seen anchors repeat parts, even inside themselves */
function secretsIn(content: unknown, path: Path, seen: Set<unknown>): Found[] {
  if (typeof content === 'string') {
    const form = secretForm(content);
    return form === undefined ? [] : [inGit(form, path)];
  }
  if (typeof content !== 'object' || content === null || seen.has(content)) return [];
  seen.add(content);
  if (Array.isArray(content)) return content.flatMap((item, index) => secretsIn(item, [...path, index], seen));
  if (!isMapping(content)) return [];
  return Object.entries(content).flatMap(([key, child]) => {
    const form = secretForm(key);
    const inside = secretsIn(child, [...path, key], seen);
    return form === undefined ? inside : [{ ...inGit(form, [...path, key]), key: true }, ...inside];
  });
}

const inGit = (form: string, path: Path): Found => ({
  form,
  severity: 'error',
  code: 'secret-in-file',
  path,
  message: `is ${form}, which must not be in Git. Fix: ${fixOf(form, path)}. If Git ever had it, make another one and revoke this one`,
});

function fixOf(form: string, path: Path): string {
  if (path.includes('age')) return 'use the public key, which age-keygen -y prints';
  return path.includes('extraEnv')
    ? 'put it into a Secret of the cluster, and refer to it by valueFrom.secretKeyRef'
    : `remove it${form === 'the hash of a password' ? ', then run dozlab secret set' : ''}`;
}
