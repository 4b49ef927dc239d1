import type { Problem } from '../core/diagnostics';
import { at, isMapping, type Mapping, type Path } from '@dozlab/charts/schema';
import { checkValues } from '../api/values/check';
import type { ValueProblem } from '../core/diagnostics';
import { mebibytes, nano } from '../api/values/quantity';
import { diskQuantity, diskVolumeSize, vmCpuLimit, vmMemoryLimit } from '../api/values/sizing';
import { defaultValues } from '../api/values/defaults';
import { withoutFreeText } from './free-text';
import { OLDER_DEFAULTS } from './older-session';
import type { Original } from './original';
import { isSameQuantity } from './same-quantity';

/** The values of a session as its files are to have them; none when one of them is not right. */
export interface Fitted {
  readonly values?: Mapping;
  readonly problems: readonly Problem[];
}

/** Makes values that a session can have of what the original sets, and tells what is left out and what is wrong. */
export function fit(original: Original): Fitted {
  const tell = (path: Path, why: string): Problem =>
    original.at('warning', 'not-carried', path, `is not carried over: ${why}`);
  const { values: kept, problems } = withoutFreeText(original.values, tell);
  const session = {
    id: original.id,
    userId: original.userId,
    ...(original.expiresAt === undefined ? {} : { expiresAt: original.expiresAt }),
  };
  const withSession = (values: Mapping): Mapping => ({ ...values, session });
  const first = checkValues(withSession(followed(kept)));
  const unknown = first.problems.filter(({ code, key }) => key === true && code !== 'wrong-value');
  const lost = unknown.map(({ path }) => tell(path, 'a session has no such value'));
  const values = followed(without(kept, unknown));
  const { values: complete, problems: found } = unknown.length === 0 ? first : checkValues(withSession(values));
  const wrong = found
    .filter(({ severity }) => severity === 'error')
    .map(({ severity, code, path, message }) => original.at(severity, code, path, message));
  return { ...(complete === undefined ? {} : { values }), problems: [...problems, ...lost, ...wrong] };
}

/** What the original took by default, and a session makes of its size: where that comes to the same, or where the default does not fit. */
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

/** Values without the defaults of the original that a session makes itself, and those that do not fit its size. */
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
