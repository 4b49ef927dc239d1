import { capacityJson } from '../../capacity/capacity-report';
import { costOf, type CostChange } from '../../capacity/cost';
import type { CapacityAt, Report } from '../changes/report';

/** A report for programs: all that the Markdown tells, and what that leaves out. Amounts are Kubernetes quantities. */
export const reportJson = ({ before, after, cost, chart, ...report }: Report): object => ({
  fits: after.verdict.fits,
  verdict: after.verdict.text,
  ...report,
  chart: chart ?? null,
  capacity: { before: capacityAt(before, cost), after: capacityAt(after, cost) },
});

const capacityAt = ({ capacity, placement, verdict }: CapacityAt, { prices }: CostChange): object =>
  capacityJson({ capacity, placement, verdict, prices, cost: costOf(capacity, prices) });
