import { deliveryOf } from '../../manifests/deliveries';
import { followsChart } from '../../model/cohort';
import { labSessionChart } from '../../manifests/lab-session-chart';
import { OUTPUT_FOLDER } from '../../model/project';
import { manifestsIn, objectText, type ManifestText, type ObjectName } from './manifest-text';
import { isSameText, type Snapshot } from './snapshot';

export interface OutputChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** `dist/infra/namespaces/lab-a.yaml` has the folder `dist/infra/namespaces` and the name `lab-a`. */
export function outputPlace(path: string): { readonly folder: string; readonly name: string } {
  const end = path.lastIndexOf('/');
  return { folder: path.slice(0, end), name: path.slice(end + 1, -'.yaml'.length) };
}

/** Manifests, release and Secret of one session. The sources of a cohort's chart are in a folder below. */
const OF_SESSION = /^dist\/(sessions|releases)\/[^/]+\/[^/]+$/;

export const isOfSession = (path: string): boolean => OF_SESSION.test(path);

/** Flux applies only releases of it. */
const CHARTS = 'dist/charts/';

export function outputChanges(before: Snapshot, after: Snapshot): OutputChange[] {
  const added = Array.from(after.output.keys()).filter((path) => !before.output.has(path));
  return [...before.output.keys(), ...added]
    .filter((path) => path.endsWith('.yaml') && !path.startsWith(CHARTS))
    .flatMap((path) => {
      const [was, is] = [before.output.get(path), after.output.get(path)];
      return isSameText(was, is) ? [] : [{ path, before: was?.content ?? '', after: is?.content ?? '' }];
    })
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}

export interface PrunedObject extends ObjectName {
  /** An annotation makes Flux or Helm leave it in the cluster. */
  readonly stays: boolean;
}

const STAYS = /^ {4}"?(kustomize\.toolkit\.fluxcd\.io\/prune"?: disabled|helm\.sh\/resource-policy"?: keep)$/m;

/** Flux prunes them (Flux, "Kustomization", prune), or Helm deletes them with a release. */
export function prunedObjects(files: readonly OutputChange[]): PrunedObject[] {
  const there = new Set(files.flatMap(({ after }) => manifestsIn(after).map(({ object }) => objectText(object))));
  const gone = files
    .flatMap(({ before }) => manifestsIn(before))
    .filter(({ object }) => !there.has(objectText(object)));
  const unique = new Map(gone.map((manifest): [string, ManifestText] => [objectText(manifest.object), manifest]));
  return Array.from(unique.values(), ({ object, text }) => ({ ...object, stays: STAYS.test(text) }));
}

/** Helm upgrades all releases that follow the chart. */
export interface ChartChange {
  readonly before: string;
  readonly after: string;
  readonly files: readonly string[];
  readonly cohorts: readonly string[];
}

const CHART = `${OUTPUT_FOLDER}/charts/${labSessionChart.name}/`;

const RELEVANT = new RegExp(`^${CHART}(templates/|values\\.yaml$|Chart\\.yaml$)`);

/** Undefined if nothing changes, or if the chart exists only before or after. */
export function chartChange(before: Snapshot, after: Snapshot): ChartChange | undefined {
  const paths = new Set([...before.output.keys(), ...after.output.keys()]);
  const files = Array.from(paths)
    .filter((path) => RELEVANT.test(path) && !isSameText(before.output.get(path), after.output.get(path)))
    .map((path) => path.slice(CHART.length))
    .sort();
  const [was, is] = [before, after].map(chartVersion);
  if (files.length === 0 || was === undefined || is === undefined) return undefined;
  const cohorts = after.resolved.cohorts
    .filter((cohort) => deliveryOf(cohort).usesHelm && followsChart(cohort))
    .map(({ name }) => name);
  return { before: was, after: is, files, cohorts };
}

const chartVersion = ({ output }: Snapshot): string | undefined =>
  /^version: "?([^"\n]*)"?$/m.exec(output.get(`${CHART}Chart.yaml`)?.content ?? '')?.[1];
