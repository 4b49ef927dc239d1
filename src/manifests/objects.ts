import { ApiObject, App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Manifest } from '@dozlab/charts/yaml';

export function objectsOf(make: (scope: Construct) => void): Manifest[] {
  const chart = new Chart(new App(), 'objects');
  make(chart);
  return chart.node
    .findAll()
    .filter((node): node is ApiObject => ApiObject.isApiObject(node))
    .map((object) => object.toJson() as Manifest);
}
