import { join } from 'node:path';
import { DozlabError } from '../../core/errors';
import { baseOf } from '../../git/base';
import { Repository } from '../../git/repository';
import { treeAt } from '../../git/tree';
import { isStale, planOutput } from '../../synth/write-output';
import { isError } from '../../core/diagnostics';
import { Memory } from '../../cache/cache';
import { markdown } from '../../report/text/markdown';
import { reportJson } from '../../report/text/report-json';
import { reportOf } from '../../report/changes/report';
import {
  READ_FOLDERS,
  snapshotOfCommit,
  snapshotOfFolder,
  likelyTexts,
  type Snapshot,
} from '../../report/changes/snapshot';
import { projectOption, type Command, type ProjectOptions } from '../command';
import { note, out, problemLines } from '../output';
import { givenNodes, nodeOptions, type NodeOptions } from '../read-nodes';

interface ReportOptions extends ProjectOptions, NodeOptions {
  readonly base?: string;
  readonly output: 'markdown' | 'json';
}

export const report: Command<ReportOptions> = {
  builder: (options) =>
    options
      .option('project', projectOption.project)
      .option('base', {
        type: 'string',
        requiresArg: true,
        describe:
          "Branch or commit to compare with, where this branch left it; the remote's main branch when not given",
      })
      .options(nodeOptions)
      .option('output', {
        alias: 'o',
        choices: ['markdown', 'json'] as const,
        requiresArg: true,
        default: 'markdown' as const,
        describe: 'Form of the report',
      })
      .epilogue(
        'Compares the files as they lie there, committed or not, with those of the commit. Exit code 1 when the project is not valid.',
      ),
  run({ project, base: ref, output, ...given }) {
    const memory = new Memory(project);
    const after = snapshotOfFolder(project, memory);
    const repository = Repository.around(project);
    const base = baseOf(repository, ref);
    const files = treeAt(repository, base.commit, READ_FOLDERS, likelyTexts(after, memory));
    const before = snapshotOfCommit(files, after, memory);
    const nodes = givenNodes(given, after);
    const wrong = (nodes?.problems ?? []).filter(isError);
    if (wrong.length > 0) {
      for (const line of problemLines(wrong, process.stderr)) note(line);
      return 1;
    }
    const made = reportOf(before, after, {
      base,
      isStale: isStaleOnDisk(project, after, memory),
      ...(nodes === undefined ? {} : { nodes: nodes.pools }),
    });
    out(output === 'json' ? JSON.stringify(reportJson(made), undefined, 2) : markdown(made));
    return made.errors.length > 0 ? 1 : 0;
  },
};

/** Whether what lies in the output folders is not what the project gives. */
const isStaleOnDisk = (project: string, { rendered, errors }: Snapshot, memory: Memory): boolean =>
  errors.length === 0 &&
  rendered.some(({ folder, files }) => {
    try {
      return isStale(planOutput(join(project, folder), files, memory.outputIn(folder)));
    } catch (error) {
      // What cannot be compared is not what it should be.
      if (error instanceof DozlabError) return true;
      throw error;
    }
  });
