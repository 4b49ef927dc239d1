import type { ChartDefinition } from '@dozlab/charts';
import { chartFiles } from '../../src/manifests/chart/files';
import { labSessionChart } from '../../src/manifests/lab-session-chart';
import { releaseChart, SECRET_CHARTS } from '../../src/manifests/session-templates';

type Compiled = Pick<ChartDefinition<never>, 'name' | 'program'>;

/** A compiled program as an object literal, in the form of src/manifests/compiled-charts.ts. */
function programText(chart: Compiled, isNamespaced: boolean): string {
  const { text, functions } = chart.program(isNamespaced);
  return `{functions:${JSON.stringify(functions.map(({ name }) => name))},program:(f,q,j,t)=>{${text}}}`;
}

/** The module that replaces src/manifests/compiled-charts.ts in the CLI, which then compiles no chart. */
export function compiledModule(): string {
  const charts = [labSessionChart, ...SECRET_CHARTS, releaseChart].map(
    (chart: Compiled) =>
      `${JSON.stringify(chart.name)}:{plain:${programText(chart, false)},namespaced:${programText(chart, true)}}`,
  );
  return `export const COMPILED_CHARTS = {${charts.join(',')}};`;
}

/** The module that replaces src/manifests/chart/files.ts in the CLI: the files of the chart as text. */
export const chartFilesModule = (): string =>
  `const FILES = ${JSON.stringify(chartFiles())};export const chartFiles = () => FILES;`;
