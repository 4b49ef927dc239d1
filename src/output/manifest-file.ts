import type { OutputFile } from '../render/output-file';
import { toYaml, type Manifest } from '../render/yaml';
import { HEADER } from './header';

/** A file of our own with objects. */
export const manifestFile = (path: string, objects: readonly Manifest[]): OutputFile => ({
  path,
  content: HEADER + toYaml(objects),
});
