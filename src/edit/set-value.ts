import { DozlabError } from '../core/errors';
import { isMapping, type Mapping, parsePath, type Path, type Tree } from '@dozlab/charts/schema';
import { maskSecret, shownPath } from '../core/redact';
import { valuesLayer } from '../api/values/overrides';
import { checkSchema } from '../core/check-schema';
import { Diagnostics } from '../core/diagnostics';
import { readYaml } from '../source/yaml';

export interface Assignment {
  readonly path: Path;
  readonly value: Tree;
}

export interface Refusal {
  readonly message: string;
}

const PATH_FORM = 'the path of a value, such as firecracker.vm.memory or labels["example.com/course"]';

/** With or without `values.`. */
export function valuePath(text: string): { readonly path: Path } | Refusal {
  const path = parsePath(text.replace(/^(spec\.)?values\./, ''));
  if (path === undefined) return { message: `is not a path; accepted: ${PATH_FORM}` };
  if (path[0] === 'codeServer' && /^password/i.test(String(path[1])))
    return {
      message: 'is a secret, which may not be in a file or on a command line. Fix: use dozlab secret set',
    };
  if (path.some((step) => typeof step === 'number'))
    return { message: 'is in a list. Fix: set the whole list, as a value in brackets' };
  if (path.includes('__proto__')) return { message: '(__proto__) cannot be a key' };
  // A null is valid everywhere, so only a key can be wrong.
  const [problem] = checkSchema(valuesLayer, nested(path, null)).problems;
  return problem === undefined ? { path } : { message: problem.message };
}

/** Text unless the schema accepts another type. */
export function typedValue(path: Path, text: string): { readonly value: Tree } | Refusal {
  const meant = parsedText(text);
  const wrong = problemWith(path, meant);
  if (wrong === undefined) return { value: meant };
  // Text that looks like a number, where the schema accepts only text.
  return meant !== text && problemWith(path, text) === undefined ? { value: text } : { message: wrong };
}

export const problemWith = (path: Path, value: Tree): string | undefined =>
  checkSchema(valuesLayer, nested(path, value)).problems[0]?.message;

const NUMBER = /^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,14})?$/;

function parsedText(text: string): Tree {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (text === 'null') return null;
  if (NUMBER.test(text)) return Number(text);
  if (!/^["'[{]/.test(text)) return text;
  const read = readYaml('', text, new Diagnostics());
  return read === undefined ? text : (read.content as Tree);
}

const nested = (path: Path, value: Tree): Tree =>
  path.reduceRight<Tree>((inner, step) => Object.fromEntries([[String(step), inner]]), value);

/** @throws DozlabError with code `invalid-usage`, without possible secrets */
export function parseAssignment(text: string): Assignment {
  const equals = /^((?:[^=[\]]|\[[^\]]*\])*)=(.*)$/s.exec(text);
  const [, name = '', given = ''] = equals ?? [];
  if (equals === null)
    throw new DozlabError('invalid-usage', '--set takes path=value, such as firecracker.vm.memory=4096');
  const found = parsedPath('--set', name, () => maskSecret(given));
  const typed = typedValue(found, given);
  if ('message' in typed) throw new DozlabError('invalid-usage', `--set ${shownPath(found)} ${typed.message}`);
  return { path: found, value: typed.value };
}

/** @throws DozlabError with code `invalid-usage` */
export function parsedPath(option: string, name: string, hide: () => void = () => undefined): Path {
  const found = valuePath(name);
  if ('path' in found) return found.path;
  hide();
  const path = parsePath(name);
  throw new DozlabError(
    'invalid-usage',
    `${option}${path === undefined ? '' : ` ${shownPath(path)}`} ${found.message}`,
  );
}

/** Later ones win. */
export function valuesOf(assignments: readonly Assignment[]): Mapping {
  const values: Mapping = {};
  for (const { path, value } of assignments) {
    let around = values;
    for (const step of path.slice(0, -1)) {
      const inner = Object.hasOwn(around, step) ? around[step] : undefined;
      const next: Mapping = isMapping(inner) ? inner : {};
      Object.defineProperty(around, step, { value: next, enumerable: true, writable: true, configurable: true });
      around = next;
    }
    Object.defineProperty(around, path.at(-1) ?? '', { value, enumerable: true, writable: true, configurable: true });
  }
  return values;
}
