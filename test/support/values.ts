import { checkValues, parseValues } from '../../src/api/values/check';
import type { ValueProblem } from '../../src/core/diagnostics';
import type { SessionValues } from '../../src/api/values/schema';
import { type Mapping, mergeTrees, pathText } from '@dozlab/charts/schema';

/** The least that a session must say. */
export const MINIMAL = {
  session: { id: 'alice-001', userId: 'alice' },
  rootfs: { imageUrl: 'https://example.com/rootfs.ext4' },
} as const satisfies Mapping;

/** The least that a session must say, and what a test is about. */
export const valuesWith = (over: Mapping = {}): Mapping => mergeTrees(MINIMAL, over);

/** Complete values of a session that says the least and what a test is about. */
export const completeValues = (over: Mapping = {}): SessionValues => parseValues(valuesWith(over));

/** The problems of such values. */
export const problemsWith = (over: Mapping): readonly ValueProblem[] => checkValues(valuesWith(over)).problems;

/** A problem in short: `error conflict service.ports.ssh`. */
export const inShort = ({ severity, code, path }: ValueProblem): string => `${severity} ${code} ${pathText(path)}`;

/** A mapping with one value at a path. */
export const valueAt = (path: string, value: unknown): Mapping =>
  path.split('.').reduceRight<unknown>((inner, step) => ({ [step]: inner }), value) as Mapping;
