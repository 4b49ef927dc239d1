import { readdirSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { readableText, withSlashes } from '../../core/safe-path';
import { grouped } from '../../core/group-by';
import type { TreeFile } from '../../git/tree';
import { LAB_SESSION, type Cohort } from '../../model/cohort';
import { OUTPUT_FOLDER } from '../../model/project';
import type { StrayFile } from './stray-files';

/**
 * Changes of `charts/lab-session-<version>`, from which Helm installs the sessions of cohorts that name the version. The rest of the
 * report knows only the chart that Dozlab generates.
 * @param before files of the commit, by path
 */
export function changedChartFolders(
  project: string,
  cohorts: readonly Cohort[],
  before: ReadonlyMap<string, Pick<TreeFile, 'content'>>,
): StrayFile[] {
  const users = grouped(
    cohorts.filter(({ chart }) => chart.version !== undefined && chart.oci === undefined),
    ({ chart }) => `${FOLDER}/${LAB_SESSION}-${String(chart.version)}`,
  );
  return Array.from(users).flatMap(([folder, used]): StrayFile[] => {
    const old = new Map(Array.from(before).filter(([path]) => path.startsWith(`${folder}/`)));
    const now = filesBelow(project, folder);
    const changed = Array.from(new Set([...old.keys(), ...now])).filter(
      (path) => old.get(path)?.content !== readableText(join(project, path)),
    );
    if (changed.length === 0 || (old.size === 0 && isCopy(project, folder, now, before))) return [];
    const does = `Helm installs the sessions of ${namesOf(used)} from it, and no other part of this report shows what it changes there: ${changed.map((path) => posix.relative(folder, path)).join(', ')}`;
    const change = old.size === 0 ? 'new' : 'changed';
    return [{ path: folder, does, isControl: true, isRefused: false, change, deletes: [], applies: [] }];
  });
}

const FOLDER = 'charts';
const GENERATED = `${OUTPUT_FOLDER}/${FOLDER}/${LAB_SESSION}`;

const namesOf = (cohorts: readonly Cohort[]): string => cohorts.map(({ name }) => name).join(', ');

/** Whether a folder holds what Dozlab generated, now or in the commit. */
function isCopy(
  project: string,
  folder: string,
  files: readonly string[],
  before: ReadonlyMap<string, Pick<TreeFile, 'content'>>,
): boolean {
  return [(path: string) => readableText(join(project, path)), (path: string) => before.get(path)?.content].some(
    (read) => files.every((path) => readableText(join(project, path)) === read(GENERATED + path.slice(folder.length))),
  );
}

function filesBelow(project: string, folder: string): string[] {
  try {
    return readdirSync(join(project, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => withSlashes(relative(project, join(entry.parentPath, entry.name))))
      .sort();
  } catch {
    return [];
  }
}
