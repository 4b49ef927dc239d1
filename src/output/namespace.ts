import { App, Chart } from 'cdk8s';
import { CohortNamespace } from '../constructs/cohort-namespace';
import type { Manifest } from '../render/yaml';

/** The object of a namespace for sessions. */
export function renderNamespace(name: string): Manifest {
  const chart = new Chart(new App(), 'namespace');
  new CohortNamespace(chart, 'namespace', { name });
  const [namespace] = chart.toJson() as [Manifest];
  return namespace;
}
