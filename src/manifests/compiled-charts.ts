import type { CompiledChart } from '@dozlab/charts';

/** `scripts/build` replaces this module. */
export const COMPILED_CHARTS: Readonly<Record<string, CompiledChart>> = {};
