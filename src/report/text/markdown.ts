import { REPORT_MARKER } from '../../git/forge/forge';
import type { Report } from '../changes/report';
import { BoundedText } from './bounded-text';
import { addManifests } from './manifest-section';
import { countText } from './markdown-text';
import { picture } from './picture';
import { reportSections } from './sections';
import { summaryLines } from './summary';

/** GitHub accepts comments of 65,536 characters (REST API, "Issue comments"). */
const MOST_BYTES = 65_535;

/** Bytes for the list of missing parts. */
const RESERVE = 400;

export function markdown(report: Report): string {
  const text = new BoundedText(MOST_BYTES - RESERVE);
  text.add([REPORT_MARKER, ...summaryLines(report)]);
  if (report.errors.length > 0) return text.toString();
  const parts = reportSections(report);
  const drawn = picture(report);
  if (drawn.length > 0) parts.push(['### Picture', '', ...drawn, '']);
  let left = 0;
  for (const part of parts) if (!text.add(part)) left += 1;
  if (left > 0)
    text.append([
      `_The comment has no room for ${countText(left, 'part')} of this report. \`dozlab report -o json\` prints all._`,
      '',
    ]);
  addManifests(text, report.diffs);
  return text.toString();
}
