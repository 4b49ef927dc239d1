import { join } from 'node:path';
import { DozlabError } from '../core/errors';
import { isError, type Problem } from '../core/diagnostics';
import type { ReadNodes } from '../capacity/node-file';
import type { ProjectState } from '../capacity/project-state';
import { baseOf } from '../git/history';
import { Repository } from '../git/repository';
import { treeAt, type TreeFile } from '../git/tree';
import { PROJECT_PATHS } from '../source/commit-source';
import { openCache, type OpenCache } from '../synth/open-cache';
import { disturbances } from '../synth/disturbances';
import { isStale, planOutput } from '../synth/plan';
import { compareSnapshots, type Report } from './changes/report';
import { changedChartFolders } from './changes/chart-folders';
import { strayFiles } from './changes/stray-files';
import { candidateTexts, snapshotOfCommit, snapshotOfFolder, type Snapshot } from './changes/snapshot';

export interface ProjectReportOptions {
  /** Branch or commit. @default the main branch of the remote */
  readonly base?: string | undefined;
  readonly readNodes: (state: ProjectState) => ReadNodes | undefined;
}

/**
 * Reads uncommitted files too.
 * @returns the report, or the errors of the nodes
 */
export function projectReport(
  project: string,
  { base: ref, readNodes }: ProjectReportOptions,
): Report | readonly Problem[] {
  const open = openCache(project);
  const after = snapshotOfFolder(project, open);
  const repository = Repository.around(project);
  const base = baseOf(repository, ref);
  const files = treeAt(repository, base.commit, PROJECT_PATHS, candidateTexts(after));
  const before = snapshotOfCommit(files, after);
  const nodes = readNodes(after);
  const errors = (nodes?.problems ?? []).filter(isError);
  if (errors.length > 0) return errors;
  return compareSnapshots(before, after, {
    base,
    ...onDisk(project, after, open, files),
    ...(nodes === undefined ? {} : { nodes: nodes.pools }),
  });
}

/** How the generated folders differ from the output of `synth`. */
function onDisk(
  project: string,
  after: Snapshot,
  open: OpenCache,
  before: ReadonlyMap<string, TreeFile>,
): Pick<Report, 'isStale' | 'strays'> {
  const { rendered, errors } = after;
  if (errors.length > 0) return { isStale: false, strays: [] };
  try {
    const plans = rendered.map(({ folder, files }) => ({
      folder,
      plan: planOutput(join(project, folder), files, open.outputIn(folder)),
    }));
    const found = disturbances(project, plans, after.resolved.flux);
    return {
      isStale: open.summary === undefined && plans.some(({ plan }) => isStale(plan)),
      strays: [
        ...strayFiles(project, found, after, before),
        ...changedChartFolders(project, after.resolved.cohorts, before),
      ],
    };
  } catch (error) {
    // A folder that cannot be read is stale.
    if (error instanceof DozlabError) return { isStale: true, strays: [] };
    throw error;
  }
}
