import type { Printer } from '../render/javascript';
import type { SessionValues } from '../values/schema';
import { labSessionChart } from './lab-session-chart';
import type { RenderedSession } from './output';

/** What gives the manifests of sessions as text. What sessions of a kind have in common is printed once, if they come one after the other. */
export function sessionPrinter(): (session: RenderedSession) => string {
  let cohort: string | undefined;
  const printers = new Map<object, Printer<SessionValues>>();
  return (session) => {
    const { values, namespace, kind } = session;
    if (kind === undefined) return labSessionChart.text(values, namespace);
    // Those of all cohorts would take too much memory.
    if (session.cohort !== cohort) printers.clear();
    cohort = session.cohort;
    const printer = printers.get(kind) ?? labSessionChart.printer(values, namespace);
    printers.set(kind, printer);
    return printer(values);
  };
}
