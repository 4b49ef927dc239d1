import { join } from 'node:path';
import { DozlabError } from '../core/errors';
import { isError, type Problem } from '../core/diagnostics';
import type { ReadNodes } from '../capacity/node-file';
import type { ProjectState } from '../capacity/project-state';
import { baseOf } from '../git/history';
import { Repository } from '../git/repository';
import { treeAt } from '../git/tree';
import { PROJECT_PATHS } from '../source/commit-source';
import { openCache, type OpenCache } from '../synth/open-cache';
import { isStale, planOutput } from '../synth/plan';
import { compareSnapshots, type Report } from './changes/report';
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
    isStale: isStaleOnDisk(project, after, open),
    ...(nodes === undefined ? {} : { nodes: nodes.pools }),
  });
}

const isStaleOnDisk = (project: string, { rendered, errors }: Snapshot, open: OpenCache): boolean =>
  errors.length === 0 &&
  open.summary === undefined &&
  rendered.some(({ folder, files }) => {
    try {
      return isStale(planOutput(join(project, folder), files, open.outputIn(folder)));
    } catch (error) {
      // A folder that cannot be read is stale.
      if (error instanceof DozlabError) return true;
      throw error;
    }
  });
