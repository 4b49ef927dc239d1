import { labSessionChart } from '../../manifests/lab-session-chart';
import { OUTPUT_FOLDER } from '../../model/project';
import { isSameText, type Snapshot } from './snapshot';

/** The chart of lab sessions is another one: Helm renders all releases that follow it again. */
export interface ChartChange {
  readonly before: string;
  readonly after: string;
  /** Files of the chart that differ, by their paths within it. */
  readonly files: readonly string[];
  /** The cohorts whose releases follow it. */
  readonly cohorts: readonly string[];
}

const FOLDER = `${OUTPUT_FOLDER}/charts/${labSessionChart.name}/`;

/** What of the chart decides what its releases are. */
const DECIDING = new RegExp(`^${FOLDER}(templates/|values\\.yaml$|Chart\\.yaml$)`);

/** What changes in the chart; undefined when nothing does, or it was not there. */
export function chartChange(before: Snapshot, after: Snapshot): ChartChange | undefined {
  const paths = new Set([...before.output.keys(), ...after.output.keys()]);
  const files = Array.from(paths)
    .filter((path) => DECIDING.test(path) && !isSameText(before.output.get(path), after.output.get(path)))
    .map((path) => path.slice(FOLDER.length))
    .sort();
  const [was, is] = [before, after].map(versionOf);
  if (files.length === 0 || was === undefined || is === undefined) return undefined;
  const cohorts = after.resolved.cohorts
    .filter(({ delivery, chart }) => delivery === 'helm' && chart.version === undefined && chart.oci === undefined)
    .map(({ name }) => name);
  return { before: was, after: is, files, cohorts };
}

const versionOf = ({ output }: Snapshot): string | undefined =>
  /^version: "?([^"\n]*)"?$/m.exec(output.get(`${FOLDER}Chart.yaml`)?.content ?? '')?.[1];
