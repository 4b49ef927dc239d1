import type { Report } from '../changes/report';
import { capacitySection } from './capacity-section';
import {
  chartSection,
  cohortSection,
  imageSection,
  privilegeSection,
  protectionSection,
  prunedSection,
  secretSection,
} from './cluster-sections';
import { addedSection, changedSection, endedSection } from './session-sections';

const SECTIONS: readonly ((report: Report) => string[])[] = [
  cohortSection,
  addedSection,
  changedSection,
  endedSection,
  imageSection,
  protectionSection,
  privilegeSection,
  secretSection,
  prunedSection,
  chartSection,
  capacitySection,
];

/** In the order of the report; without empty ones. */
export const reportSections = (report: Report): string[][] =>
  SECTIONS.map((section) => section(report)).filter((lines) => lines.length > 0);
