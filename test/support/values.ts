import { checkValues, parseValues } from '../../src/api/values/check';
import type { ValueProblem } from '../../src/core/diagnostics';
import type { SessionValues } from '../../src/api/values/schema';
import { type Mapping, mergeTrees, pathText } from '@dozlab/charts/schema';

export const MINIMAL = {
  session: { id: 'alice-001', userId: 'alice' },
  rootfs: { imageUrl: 'https://example.com/rootfs.ext4' },
} as const satisfies Mapping;

export const valuesWith = (over: Mapping = {}): Mapping => mergeTrees(MINIMAL, over);

export const completeValues = (over: Mapping = {}): SessionValues => parseValues(valuesWith(over));

export const problemsWith = (over: Mapping): readonly ValueProblem[] => checkValues(valuesWith(over)).problems;

export const inShort = ({ severity, code, path }: ValueProblem): string => `${severity} ${code} ${pathText(path)}`;

export const valueAt = (path: string, value: unknown): Mapping =>
  path.split('.').reduceRight<unknown>((inner, step) => ({ [step]: inner }), value) as Mapping;
