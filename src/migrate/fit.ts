import { checkValues } from '../api/values/check';
import { defaultValues } from '../api/values/defaults';
import { isSameQuantity, mebibytes, nano } from '../api/values/quantity';
import { diskQuantity, diskVolumeSize, vmCpuLimit, vmMemoryLimit } from '../api/values/sizing';
import type { Problem, ValueProblem } from '../core/diagnostics';
import { withoutSecrets } from '../core/redact';
import { OLDER_DEFAULTS } from './older-session';
import type { Original } from './original';
import { at, isMapping, type Mapping, type Path, type Tree } from '@dozlab/charts/schema';

export interface Fitted {
  /** @default none: a value is wrong */
  readonly values?: Mapping;
  readonly problems: readonly Problem[];
}

export function fit(original: Original): Fitted {
  const drop = (path: Path, why: string): Problem =>
    original.at('warning', 'not-carried', path, `is not carried over: ${why}`);
  const { values: safe, problems } = withoutFreeText(original.values, drop);
  const session = {
    id: original.id,
    userId: original.userId,
    ...(original.expiresAt === undefined ? {} : { expiresAt: original.expiresAt }),
  };
  const withSession = (values: Mapping): Mapping => ({ ...values, session });
  const first = checkValues(withSession(followed(safe)));
  const unknown = first.problems.filter(({ code, key }) => key === true && code !== 'wrong-value');
  const dropped = unknown.map(({ path }) => drop(path, 'a session has no such value'));
  const values = followed(without(safe, unknown));
  const { values: complete, problems: found } = unknown.length === 0 ? first : checkValues(withSession(values));
  const wrong = found
    .filter(({ severity }) => severity === 'error')
    .map(({ severity, code, path, message }) => original.at(severity, code, path, message));
  return { ...(complete === undefined ? {} : { values }), problems: [...problems, ...dropped, ...wrong] };
}

/** Sizes that a session computes. Dropped if equal to the result or too small. */
const FOLLOWING: readonly {
  readonly path: Path;
  readonly follows: (values: Mapping) => string;
  readonly isEnough: (size: string, values: Mapping) => boolean;
}[] = [
  {
    path: ['firecracker', 'resources', 'limits', 'cpu'],
    follows: (values) => vmCpuLimit(numberAt(values, ['firecracker', 'vm', 'cpuCount'])),
    isEnough: (size, values) => nano(size) >= nano(numberAt(values, ['firecracker', 'vm', 'cpuCount'])),
  },
  {
    path: ['firecracker', 'resources', 'limits', 'memory'],
    follows: (values) => vmMemoryLimit(numberAt(values, ['firecracker', 'vm', 'memory'])),
    isEnough: (size, values) => mebibytes(size) > numberAt(values, ['firecracker', 'vm', 'memory']),
  },
  {
    path: ['volumes', 'kernels', 'sizeLimit'],
    follows: (values) => diskVolumeSize(diskSizeOf(values)),
    isEnough: (size, values) => mebibytes(size) > mebibytes(diskQuantity(diskSizeOf(values))),
  },
];

const given = (values: Mapping, path: Path): unknown => at(values, path) ?? at(defaultValues(), path);

function numberAt(values: Mapping, path: Path): number {
  const number = Number(given(values, path));
  return Number.isInteger(number) && number > 0 && number < 2 ** 31 ? number : 1;
}

function diskSizeOf(values: Mapping): string {
  const size = given(values, ['rootfs', 'diskSize']);
  return typeof size === 'string' && /^[1-9][0-9]{0,8}[KMGT]$/.test(size) ? size : '4G';
}

/** Drops the sizes of `FOLLOWING`. */
function followed(values: Mapping): Mapping {
  const copy = structuredClone(values);
  const vm = at(copy, ['firecracker', 'vm']);
  // Older files write numbers in quotes.
  for (const [key, value] of Object.entries(isMapping(vm) ? vm : {}))
    if (isMapping(vm) && typeof value === 'string' && /^[1-9][0-9]{0,6}$/.test(value)) vm[key] = Number(value);
  for (const { path, follows, isEnough } of FOLLOWING) {
    const size = at(OLDER_DEFAULTS, path);
    const isDefault = isSameQuantity(at(values, path), size);
    if (isDefault && (isSameQuantity(follows(values), size) || !isEnough(String(size), values))) remove(copy, path);
  }
  return copy;
}

function remove(tree: Mapping, path: Path): void {
  const parent = at(tree, path.slice(0, -1));
  if (!isMapping(parent)) return;
  Reflect.deleteProperty(parent, String(path.at(-1)));
  if (Object.keys(parent).length === 0 && path.length > 1) remove(tree, path.slice(0, -1));
}

function without(values: Mapping, problems: readonly ValueProblem[]): Mapping {
  const copy = structuredClone(values);
  for (const { path } of problems) {
    const list = path.findIndex((step) => typeof step === 'number');
    remove(copy, list < 0 ? path : path.slice(0, list));
  }
  return copy;
}

type Refuse = (path: Path, why: string) => void;

/** Any text may be a secret. */
function withoutFreeText(values: Mapping, drop: (path: Path, why: string) => Problem): Required<Fitted> {
  const problems: Problem[] = [];
  const safe = part(values, [], (path, why) => problems.push(drop(path, why)));
  return { values: isMapping(safe) ? safe : {}, problems };
}

function part(value: Tree, path: Path, refuse: Refuse): Tree | undefined {
  const key = String(path.at(-1));
  if (key === 'extraEnv' && Array.isArray(value)) return references(value, path, refuse);
  if (key === 'annotations' || key === 'filters') {
    const isEmpty = value === null || (typeof value === 'object' && Object.keys(value).length === 0);
    if (!isEmpty) refuse(path, 'it may hold secrets. Fix: write the rest into the files by hand');
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
    refuse(path, 'it contains a password of the input');
    return undefined;
  }
  if (query !== undefined)
    refuse(path, 'the part from ? or # may be a credential; the address before it is carried over');
  return address;
}

const references = (variables: Tree[], path: Path, refuse: Refuse): Tree[] =>
  variables.filter((variable, index) => {
    const isReference = isMapping(variable) && !Object.hasOwn(variable, 'value');
    if (!isReference)
      refuse([...path, index], 'its value may be a secret. Fix: refer to a Secret or ConfigMap with valueFrom');
    return isReference;
  });
