import type { CompiledChart } from '@dozlab/charts';

/** The programs of charts by name. Empty here: `scripts/build` compiles them and replaces this module in the bundle. */
export const COMPILED_CHARTS: Readonly<Record<string, CompiledChart>> = {};
