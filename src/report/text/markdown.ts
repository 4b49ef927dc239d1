import { withoutSecrets } from '../../core/redact';
import { REPORT_MARKER } from '../../git/forge/forge';
import type { FileDiff } from '../changes/diffs';
import type { Report } from '../changes/report';
import { capacitySection } from './capacity-section';
import {
  chartSection,
  cohortSection,
  imageSection,
  privilegeSection,
  prunedSection,
  secretSection,
} from './cluster-sections';
import { block, folded, countText } from './markdown-text';
import { picture } from './picture';
import { addedSection, changedSection, endedSection } from './session-sections';
import { summaryLines } from './summary';

/** GitHub accepts comments of 65,536 characters (REST API, "Issue comments"). */
const MOST_BYTES = 65_535;

/** Bytes for the list of missing parts. */
const RESERVE = 400;

export function markdown(report: Report): string {
  const text = new BoundedText(MOST_BYTES - RESERVE);
  text.add([REPORT_MARKER, ...summaryLines(report)]);
  if (report.errors.length > 0) return text.toString();
  const parts = [
    cohortSection,
    addedSection,
    changedSection,
    endedSection,
    imageSection,
    privilegeSection,
    secretSection,
    prunedSection,
    chartSection,
    capacitySection,
  ].map((part) => part(report));
  const drawn = picture(report);
  parts.push(drawn.length === 0 ? [] : ['### Picture', '', ...drawn, '']);
  let left = 0;
  for (const part of parts) if (part.length > 0 && !text.add(part)) left += 1;
  if (left > 0)
    text.append([
      `_The comment has no room for ${countText(left, 'part')} of this report. \`dozlab report -o json\` prints all._`,
      '',
    ]);
  addDiffs(text, report.diffs);
  return text.toString();
}

class BoundedText {
  private readonly lines: string[] = [];
  private bytes = 0;

  constructor(private readonly most: number) {}

  /** Adds all lines, or none if they do not fit. */
  add(lines: readonly string[]): boolean {
    const bytes = bytesOf(lines.map(withoutSecrets));
    if (this.bytes + bytes > this.most) return false;
    this.append(lines);
    return true;
  }

  append(lines: readonly string[]): void {
    const shown = lines.map(withoutSecrets);
    this.lines.push(...shown);
    this.bytes += bytesOf(shown);
  }

  get room(): number {
    return this.most - this.bytes;
  }

  toString(): string {
    return this.lines
      .filter((line, index) => line !== '' || this.lines[index - 1] !== '')
      .join('\n')
      .trimEnd();
  }
}

const bytesOf = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);

function addDiffs(text: BoundedText, diffs: readonly FileDiff[]): void {
  if (diffs.length === 0) return;
  text.append(['### Manifests', '']);
  let files = 0;
  let lines = 0;
  for (const diff of diffs) {
    const shown = diffLines(diff);
    if (text.add(shown.lines)) continue;
    const cut = text.room > LEAST_ROOM ? cutTo(diff, text.room) : undefined;
    if (cut !== undefined) text.append(cut.lines);
    else files += diff.paths.length;
    lines += shown.count - (cut?.count ?? 0);
  }
  if (lines > 0)
    text.append([
      `_The comment has no room for ${countText(lines, 'line')}${files === 0 ? '' : `, including all of ${countText(files, 'file')}`}. \`dozlab report -o json\` prints all._`,
    ]);
}

/** Bytes. */
const LEAST_ROOM = 1500;

interface DiffLines {
  readonly lines: readonly string[];
  readonly count: number;
}

function diffLines({ paths, isNew, like, objects }: FileDiff, most = Infinity): DiffLines {
  const all = objects.flatMap(({ object, lines }) => [`# ${object}`, ...lines]);
  const shown = all.slice(0, most);
  const [first = '', ...others] = paths;
  const more = others.length === 0 ? '' : ` and the same in ${countText(others.length, 'other file')}`;
  const novelty = !isNew ? '' : like === undefined ? ' (new)' : ` (new: differs from <code>${like}</code>)`;
  const name = `<code>${first}</code>${novelty}${more}`;
  const cut = shown.length === all.length ? [] : [`… ${countText(all.length - shown.length, 'more line')}`];
  return { lines: [...folded(name, block('diff', [...shown, ...cut])), ''], count: shown.length };
}

function cutTo(diff: FileDiff, room: number): DiffLines | undefined {
  const { count } = diffLines(diff);
  for (let most = count; most > 0; most = Math.floor(most * 0.8)) {
    const cut = diffLines(diff, most);
    if (bytesOf(cut.lines) <= room) return cut;
  }
  return undefined;
}
