import type { FileDiff } from '../changes/diffs';
import { bytesOf, type BoundedText } from './bounded-text';
import { block, countText, folded, htmlCode } from './markdown-text';

/** Of a report with new files. Changes of existing files are shown as far as there is room. */
const MOST_LINES = 295;
const LEAST_LINES_OF_NEW = 100;

export function addManifests(text: BoundedText, diffs: readonly FileDiff[]): void {
  if (diffs.length === 0) return;
  text.append(['### Manifests', '']);
  let [files, lines, ofNew] = [0, 0, 0];
  for (const diff of diffs) {
    const { count } = diffLines(diff);
    const most = diff.isNew ? Math.max(MOST_LINES - text.length, LEAST_LINES_OF_NEW - ofNew) : Infinity;
    const shown = cutTo(diff, most, text.room);
    if (shown === undefined) files += diff.paths.length;
    else text.append(shown.lines);
    if (diff.isNew) ofNew += shown?.lines.length ?? 0;
    lines += count - (shown?.count ?? 0);
  }
  if (lines > 0)
    text.append([
      `_Left out: ${countText(lines, 'line')} of manifests${files === 0 ? '' : `, including all of ${countText(files, 'file')}`}. \`dozlab report -o json\` prints all._`,
    ]);
}

interface DiffLines {
  readonly lines: readonly string[];
  readonly count: number;
}

function diffLines({ paths, isNew, like, objects }: FileDiff, most = Infinity): DiffLines {
  const all = objects.flatMap(({ object, lines }) => [`# ${object}`, ...lines]);
  const shown = all.slice(0, most);
  const [first = '', ...others] = paths;
  const more = others.length === 0 ? '' : ` and the same in ${countText(others.length, 'other file')}`;
  const novelty = !isNew ? '' : like === undefined ? ' (new)' : ` (new: differs from ${htmlCode(like)})`;
  const name = `${htmlCode(first)}${novelty}${more}`;
  const cut = shown.length === all.length ? [] : [`… ${countText(all.length - shown.length, 'more line')}`];
  return { lines: [...folded(name, block('diff', [...shown, ...cut])), ''], count: shown.length };
}

/** Smaller parts of a file do not show what it is. */
const LEAST_LINES = 5;
const LEAST_BYTES = 1500;

/** @returns undefined if there is no room for a useful part */
function cutTo(diff: FileDiff, mostLines: number, room: number): DiffLines | undefined {
  const whole = diffLines(diff);
  if (whole.lines.length <= mostLines && bytesOf(whole.lines) <= room) return whole;
  if (room <= LEAST_BYTES) return undefined;
  const frame = whole.lines.length - whole.count;
  for (let most = Math.min(whole.count, mostLines - frame - 1); most >= LEAST_LINES; most = Math.floor(most * 0.8)) {
    const cut = diffLines(diff, most);
    if (bytesOf(cut.lines) <= room) return cut;
  }
  return undefined;
}
