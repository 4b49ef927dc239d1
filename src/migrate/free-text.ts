import type { Problem } from '../core/diagnostics';
import { withoutSecrets } from '../core/redact';
import { isMapping, type Mapping, type Path, type Tree } from '@dozlab/charts/schema';

/** Values that can be any text, and so a secret: none goes into a file. */

type Refuse = (path: Path, why: string) => void;

/** Values without what may be a secret. Each that is left out is told. */
export function withoutFreeText(values: Mapping, tell: (path: Path, why: string) => Problem): Found {
  const problems: Problem[] = [];
  const kept = part(values, [], (path, why) => problems.push(tell(path, why)));
  return { values: isMapping(kept) ? kept : {}, problems };
}

interface Found {
  readonly values: Mapping;
  readonly problems: readonly Problem[];
}

function part(value: Tree, path: Path, refuse: Refuse): Tree | undefined {
  const key = String(path.at(-1));
  if (key === 'extraEnv' && Array.isArray(value)) return references(value, path, refuse);
  if (key === 'annotations' || key === 'filters') {
    const isEmpty = value === null || (typeof value === 'object' && Object.keys(value).length === 0);
    if (!isEmpty) refuse(path, 'it may hold secrets; write what is none into the files by hand');
    return undefined;
  }
  if (Array.isArray(value))
    return value
      .map((item, index) => part(item, [...path, index], refuse))
      .filter((item): item is Tree => item !== undefined);
  if (isMapping(value)) {
    const entries = Object.entries(value).map(([name, child]) => [name, part(child, [...path, name], refuse)] as const);
    return Object.fromEntries(entries.filter((entry): entry is [string, Tree] => entry[1] !== undefined));
  }
  return typeof value === 'string' ? text(value, path, refuse) : value;
}

function text(value: string, path: Path, refuse: Refuse): string | undefined {
  const [address = '', query] = path.join('.') === 'rootfs.imageUrl' ? value.split(/[?#](.*)/s) : [value];
  if (withoutSecrets(address) !== address) {
    refuse(path, 'it is or holds a password that is given elsewhere');
    return undefined;
  }
  if (query !== undefined)
    refuse(path, 'what stands behind ? or # in it, as that may be a credential; the address before it is carried over');
  return address;
}

/** The variables that refer to something. */
const references = (variables: Tree[], path: Path, refuse: Refuse): Tree[] =>
  variables.filter((variable, index) => {
    const isReference = isMapping(variable) && !Object.hasOwn(variable, 'value');
    if (!isReference)
      refuse([...path, index], 'its value may be a secret; refer to a Secret or ConfigMap by valueFrom instead');
    return isReference;
  });
