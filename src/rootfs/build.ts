import { realpathSync, renameSync, statSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { DozlabError } from '../core/errors';
import { applyTar, type LeftOut } from './apply-tar';
import { Spool } from './archive';
import { FileTree } from './file-tree';
import { isOciLayout, layersInArchive, layersInFolder } from './oci-image';
import { readFolder } from './read-folder';
import { withWorkFolder } from './work-folder';
import { writeImage, type ImageSettings } from './write-image';

export interface BuildResult {
  /** Of the image. */
  readonly bytes: number;
  readonly leftOut: LeftOut;
}

/** Downloads the layers of an image of a registry. */
export type PullLayers = (url: string, architecture: string, spool: Spool) => Promise<string[]>;

/**
 * Makes an ext4 image from a folder, a tar file, an OCI layout, an archive of `docker save` or `oci://…`.
 * The output is replaced when the image is complete.
 * @throws DozlabError with code `invalid-rootfs`, `failed-registry`, `missing-tool`, `failed-tool` or `write-failed`
 */
export const buildImage = (
  source: string,
  output: string,
  settings: ImageSettings,
  pull: PullLayers,
): Promise<BuildResult> =>
  withWorkFolder(output, async (folder) => {
    const tree = new FileTree();
    const leftOut = await readSource(tree, source, new Spool(folder), pull);
    const image = writeImage(tree, settings, folder);
    renameSync(image, output);
    return { bytes: statSync(output).size, leftOut };
  });

async function readSource(tree: FileTree, source: string, spool: Spool, pull: PullLayers): Promise<LeftOut> {
  const { arch } = process;
  if (source.startsWith('oci://')) return applyLayers(tree, await pull(source, arch, spool), spool);
  const stat = statSync(source, { throwIfNoEntry: false });
  if (stat === undefined)
    throw new DozlabError(
      'invalid-rootfs',
      `${source} does not exist; accepted: a folder, a tar file, an OCI layout or oci://…`,
    );
  if (stat.isDirectory()) {
    if (isOciLayout(source)) return applyLayers(tree, await layersInFolder(source, arch), spool);
    if (isInside(spool.folder, source))
      throw new DozlabError(
        'invalid-usage',
        `the image would be inside ${source}, which goes into it. Fix: write it elsewhere`,
      );
    return { special: readFolder(tree, resolve(source)), capabilities: [] };
  }
  const layers = await layersInArchive(source, arch, spool);
  if (layers !== undefined) return applyLayers(tree, layers, spool);
  return applyTar(tree, source, spool, false);
}

const isInside = (path: string, folder: string): boolean =>
  `${realpathSync(path)}${sep}`.startsWith(`${realpathSync(folder)}${sep}`);

async function applyLayers(tree: FileTree, layers: readonly string[], spool: Spool): Promise<LeftOut> {
  const results: LeftOut[] = [];
  for (const layer of layers) results.push(await applyTar(tree, layer, spool, true));
  return {
    special: results.reduce((sum, { special }) => sum + special, 0),
    capabilities: results.flatMap(({ capabilities }) => capabilities),
  };
}
