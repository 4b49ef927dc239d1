import type { OutputFile } from '@dozlab/charts';
import { type Manifest, toYaml } from '@dozlab/charts/yaml';
import { HEADER } from './header';

export const manifestFile = (path: string, objects: readonly Manifest[]): OutputFile => ({
  path,
  content: HEADER + toYaml(objects),
});
