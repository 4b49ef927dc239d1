import type { Program } from './javascript';

/** The programs of a chart: one writes no namespace into objects, the other does. */
export interface CompiledChart {
  readonly plain: CompiledProgram;
  readonly namespaced: CompiledProgram;
}

/** A program with the names of the functions that it calls. */
export interface CompiledProgram {
  readonly functions: readonly string[];
  readonly program: Program<unknown>;
}

/**
 * Programs that were compiled when Dozlab was built, by the names of charts: they are run without making the constructs first.
 * Empty in the sources; `scripts/bundle.mjs` puts another module in the place of this one.
 */
export const COMPILED: Readonly<Record<string, CompiledChart>> = {};
