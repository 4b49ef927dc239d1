import { App, Chart } from 'cdk8s';
import { CohortKustomization } from '../constructs/cohort-kustomization';
import type { OutputFile } from '../render/output-file';
import { toYaml, type Manifest } from '../render/yaml';
import type { SecretsSettings } from '../secrets/settings';
import { HEADER } from './header';

/** A cohort, as Flux is to bring it into the cluster. */
export interface DeliveredCohort {
  readonly name: string;
  readonly delivery: 'kustomize' | 'helm';
  readonly secrets: SecretsSettings;
}

/** Flux's objects, one file for each cohort that is delivered as manifests: `cohorts/<cohort>.yaml`. */
export const renderFlux = (cohorts: readonly DeliveredCohort[]): OutputFile[] =>
  cohorts
    .filter(({ delivery }) => delivery === 'kustomize')
    .map((cohort) => ({
      path: `cohorts/${cohort.name}.yaml`,
      content: HEADER + toYaml([renderKustomization(cohort)]),
    }));

function renderKustomization({ name, secrets }: DeliveredCohort): Manifest {
  const chart = new Chart(new App(), 'cohort');
  new CohortKustomization(chart, 'kustomization', {
    cohort: name,
    path: `./dist/sessions/${name}`,
    ...(secrets.provider === 'sops' ? { decryptionSecret: secrets.sops.decryptionSecret } : {}),
  });
  const [kustomization] = chart.toJson() as [Manifest];
  return kustomization;
}
