import { renameSync, statSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { DozlabError } from '../core/errors';
import { applyTar } from './apply-tar';
import { Spool } from './archive';
import { FileTree } from './file-tree';
import { isOciLayout, layersInArchive, layersInFolder } from './oci-image';
import { readFolder } from './read-folder';
import { withWorkFolder } from './work-folder';
import { writeImage, type ImageSettings } from './write-image';

export interface BuildResult {
  /** Of the image. */
  readonly bytes: number;
  /** Devices, pipes and sockets of the source. */
  readonly skipped: number;
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
    const skipped = await readSource(tree, source, new Spool(folder), pull);
    const image = writeImage(tree, settings, folder);
    renameSync(image, output);
    return { bytes: statSync(output).size, skipped };
  });

async function readSource(tree: FileTree, source: string, spool: Spool, pull: PullLayers): Promise<number> {
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
    return readFolder(tree, resolve(source));
  }
  const layers = await layersInArchive(source, arch, spool);
  if (layers !== undefined) return applyLayers(tree, layers, spool);
  return (await applyTar(tree, source, spool, false)).skipped;
}

const isInside = (path: string, folder: string): boolean =>
  `${resolve(path)}${sep}`.startsWith(`${resolve(folder)}${sep}`);

async function applyLayers(tree: FileTree, layers: readonly string[], spool: Spool): Promise<number> {
  let skipped = 0;
  for (const layer of layers) skipped += (await applyTar(tree, layer, spool, true)).skipped;
  return skipped;
}
