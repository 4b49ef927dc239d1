import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPORT_MARKER } from '../../../src/git/forge/forge';
import { markdown } from '../../../src/report/text/markdown';
import { compareSnapshots, type Report } from '../../../src/report/changes/report';
import { snapshotOfCommit, snapshotOfFolder } from '../../../src/report/changes/snapshot';
import type { TreeFile } from '../../../src/git/tree';
import { addFiles, projectWith, session, smallProject, type Files } from '../../support/project';

jest.setTimeout(120_000);

/** The report of a change of the sessions of a small project. */
function changed(before: Files, after: Files): Report {
  const folder = projectWith(smallProject(before));
  const tree = new Map(
    Object.keys(smallProject(before)).map((path): [string, TreeFile] => [
      path,
      { content: readFileSync(join(folder, path), 'utf8'), isLink: false },
    ]),
  );
  addFiles(folder, after);
  const base = { ref: 'main', commit: '0'.repeat(40), isCommon: true };
  return compareSnapshots(snapshotOfCommit(tree), snapshotOfFolder(folder), { base, isStale: false });
}

const students = Array.from({ length: 150 }, (_, index) => `student-${String(index)}`);

const sessions = (of: (id: string, index: number) => object): Files =>
  Object.fromEntries(students.map((id, index) => [`sessions/class/${id}.yaml`, session(id, of(id, index))]));

/** Values that differ from session to session, each in its own way. */
const differing = (_: string, index: number): object => ({
  userId: `\`\`\` </details> | @team <b>${String(index)} ${'ü'.repeat(100)}`,
  values: {
    firecracker: { vm: { memory: 512 + index } },
    annotations: Object.fromEntries(
      Array.from({ length: 8 }, (_unused, each) => [
        `example.com/${String(each)}-${String(index)}`,
        '```|</details>'.repeat(5),
      ]),
    ),
  },
});

describe('a report that is too large for a comment', () => {
  const report = changed(
    sessions(() => ({})),
    sessions(differing),
  );
  const text = markdown(report);

  it('stays below the size of a comment, and fills it', () => {
    expect(Buffer.byteLength(text)).toBeLessThan(65_536);
    expect(Buffer.byteLength(text)).toBeGreaterThan(50_000);
    expect(text.startsWith(REPORT_MARKER)).toBe(true);
  });

  it('counts the lines that are missing', () => {
    const all = report.diffs.flatMap(({ objects }) => objects.flatMap(({ lines }) => ['', ...lines])).length;
    const shown = Array.from(text.matchAll(/^(`{3,})diff\n([^]*?)\n\1$/gm), ([, , lines = '']) =>
      lines.split('\n').filter((line) => !line.startsWith('…')),
    ).flat().length;
    const missing = /The comment has no room for ([\d,]+) lines/.exec(text)?.[1]?.replaceAll(',', '');
    expect(all).toBeGreaterThan(shown);
    expect(Number(missing)).toBe(all - shown);
  });

  it('closes all blocks', () => {
    let fence: string | undefined;
    let depth = 0;
    for (const line of text.split('\n')) {
      const [found] = /^`{3,}/.exec(line) ?? [];
      if (fence !== undefined) {
        if (line === fence) fence = undefined;
      } else if (found !== undefined) fence = found;
      else if (line === '<details>') depth += 1;
      else if (line === '</details>') depth -= 1;
    }
    expect({ fence, depth }).toEqual({ fence: undefined, depth: 0 });
  });

  it('shows no text of users as markup', () => {
    const outside = text.replaceAll(/^(`{3,})\w*\n[^]*?\n\1$/gm, '').replaceAll(/(`+)[^`][^]*?\1(?!`)/g, '');
    expect(outside).not.toContain('@team');
    expect(outside).not.toContain('<b>');
  });

  it('has all sessions in JSON', () => {
    expect(report.sessions.changed.flatMap((group) => group.sessions)).toHaveLength(students.length);
  });
});
