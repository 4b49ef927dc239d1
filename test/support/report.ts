import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TreeFile } from '../../src/git/tree';
import { compareSnapshots, type Report } from '../../src/report/changes/report';
import { snapshotOfCommit, snapshotOfFolder } from '../../src/report/changes/snapshot';
import { addFiles, projectWith, smallProject, type Files } from './project';

/** Undefined removes a file. */
export function reportOfChange(before: Files, after: Files): Report {
  const files = present(smallProject(before));
  const folder = projectWith(files);
  const tree = new Map(
    Object.keys(files).map((path): [string, TreeFile] => [
      path,
      { content: readFileSync(join(folder, path), 'utf8'), isLink: false },
    ]),
  );
  for (const [path, content] of Object.entries(after)) if (content === undefined) rmSync(join(folder, path));
  addFiles(folder, present(after));
  const base = { ref: 'main', commit: '0'.repeat(40), isCommon: true };
  const report = compareSnapshots(snapshotOfCommit(tree), snapshotOfFolder(folder), { base, isStale: false });
  if (report.errors.length > 0) throw new Error(JSON.stringify(report.errors));
  return report;
}

const present = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).filter(([, content]) => content !== undefined));
