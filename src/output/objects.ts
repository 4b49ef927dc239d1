import { ApiObject, App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { toYaml, type Manifest } from '../render/yaml';
import type { OutputFile } from '../render/output-file';
import { HEADER } from './header';

/** The objects that constructs make, in the order in which they are made. */
export function objectsOf(make: (scope: Construct) => void): Manifest[] {
  const chart = new Chart(new App(), 'objects');
  make(chart);
  return chart.node
    .findAll()
    .filter((node): node is ApiObject => ApiObject.isApiObject(node))
    .map((object) => object.toJson() as Manifest);
}

/** A file of our own with objects. */
export const manifestFile = (path: string, objects: readonly Manifest[]): OutputFile => ({
  path,
  content: HEADER + toYaml(objects),
});
