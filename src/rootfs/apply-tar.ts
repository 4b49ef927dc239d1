import { DozlabError } from '../core/errors';
import { readTar, type Spool, type TarHeader } from './archive';
import { emptyDirectory, type Attributes, type FileTree } from './file-tree';

/** OCI Image Specification, "Whiteouts". */
const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';
/** Of AUFS, which older images have. */
const AUFS = '.wh..wh.';

/** As tar and Docker write it. Without it, a program such as ping needs root. */
const CAPABILITY = 'SCHILY.xattr.security.capability';

/** What an image lacks of its source. */
export interface LeftOut {
  /** Devices, pipes and sockets: the microVM makes its own in /dev. */
  readonly special: number;
  /** Files whose capabilities are lost: modern-tar gives only attributes that are UTF-8. */
  readonly capabilities: readonly string[];
}

const attributesOf = ({ mode = 0o755, uid = 0, gid = 0, mtime }: TarHeader): Attributes => ({
  mode: mode & 0o7777,
  uid,
  gid,
  mtime: Math.floor((mtime?.getTime() ?? 0) / 1000),
});

/**
 * Adds the files of a tar file as one layer. Their contents go to the spool.
 * @throws DozlabError with code `invalid-rootfs` or `missing-tool`
 */
export async function applyTar(tree: FileTree, path: string, spool: Spool, isLayer: boolean): Promise<LeftOut> {
  tree.startLayer();
  let special = 0;
  const capabilities: string[] = [];
  for await (const { header, content, skip } of readTar(path)) {
    const { name, type = 'file', linkname = '', size } = header;
    if (Object.keys(header.pax ?? {}).some((key) => key.startsWith('GNU.sparse.')))
      throw new DozlabError('invalid-rootfs', `${path} has a sparse file. Fix: make it by tar without --sparse`);
    const whiteout = isLayer ? whiteoutIn(name) : undefined;
    if (whiteout === undefined && type === 'file' && size > 0) {
      const source = await spool.keep(content, size);
      const value = header.pax?.[CAPABILITY];
      if (value?.includes('\uFFFD') === true) capabilities.push(name);
      const capability = value === undefined || value.includes('\uFFFD') ? undefined : spool.write(Buffer.from(value));
      tree.add(name, { type: 'file', attributes: attributesOf(header), size, source, capability });
      continue;
    }
    await skip();
    if (whiteout !== undefined) applyWhiteout(tree, whiteout);
    else if (type === 'file') tree.add(name, { type, attributes: attributesOf(header), size: 0, source: undefined });
    else if (type === 'directory') tree.add(name, emptyDirectory(attributesOf(header)));
    else if (type === 'symlink') tree.add(name, { type, attributes: attributesOf(header), target: linkname });
    else if (type === 'link') tree.link(name, linkname);
    else special += 1;
  }
  return { special, capabilities };
}

interface Whiteout {
  readonly folder: string;
  readonly name: string;
}

function whiteoutIn(path: string): Whiteout | undefined {
  const end = path.lastIndexOf('/') + 1;
  const name = path.slice(end);
  return name.startsWith(WHITEOUT) ? { folder: path.slice(0, end), name } : undefined;
}

function applyWhiteout(tree: FileTree, { folder, name }: Whiteout): void {
  if (name === OPAQUE) tree.clear(folder);
  else if (!name.startsWith(AUFS)) tree.remove(folder + name.slice(WHITEOUT.length));
}
