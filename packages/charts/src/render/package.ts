import { gzipped, tarOf } from './archive';
import type { OutputFile } from './output-file';

/** A chart as the archive that Helm installs and registries keep: `<name>/<path>` for each file. The same files give the same bytes. */
export const packageChart = async (name: string, files: readonly OutputFile[]): Promise<Buffer> =>
  gzipped(await tarOf(files.map(({ path, content }) => ({ path: `${name}/${path}`, content }))));
