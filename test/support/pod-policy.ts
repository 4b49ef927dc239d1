import { App, Chart } from 'cdk8s';
import { PodPolicy, type PodPolicyProps } from '../../src/constructs/namespace/pod-policy';
import type { Manifest } from '@dozlab/charts/yaml';
import { containersOf, podOf } from './manifests';

export function podPolicy(props: PodPolicyProps): readonly [policy: Manifest, binding: Manifest] {
  const chart = new Chart(new App(), 'policy');
  new PodPolicy(chart, 'policy', props);
  return chart.toJson() as [Manifest, Manifest];
}

export const imagesOf = (manifests: readonly Manifest[]): string[] => [
  ...new Set(
    manifests.flatMap((manifest) => {
      const pod = podOf(manifest);
      return pod === undefined ? [] : containersOf(pod).map(({ image }) => image);
    }),
  ),
];
