import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { DozlabError } from '../core/errors';
import { emptyDirectory, type Attributes, type FileTree, type Inode } from './file-tree';

/** Files of the user who runs the command belong to root in the image, so that no root is needed to build one. */
function attributesOf({ mode, uid, gid, mtimeMs }: Stats): Attributes {
  const owner = (id: number, own: number | undefined): number => (id === own ? 0 : id);
  return {
    mode: mode & 0o7777,
    uid: owner(uid, process.getuid?.()),
    gid: owner(gid, process.getgid?.()),
    mtime: Math.floor(mtimeMs / 1000),
  };
}

/**
 * @returns the number of sockets, devices and pipes, which an image does not need
 * @throws DozlabError with code `invalid-rootfs`
 */
export function readFolder(tree: FileTree, folder: string): number {
  const hardLinks = new Map<string, Inode>();
  let skipped = 0;
  const read = (path: string): void => {
    const place = join(folder, path);
    for (const name of readdirSync(place).sort()) {
      const inner = `${path}/${name}`;
      const source = join(place, name);
      const stat = lstatSync(source);
      const attributes = attributesOf(stat);
      const id = `${String(stat.dev)}:${String(stat.ino)}`;
      const linked = hardLinks.get(id);
      if (linked !== undefined) tree.add(inner, linked);
      else if (stat.isDirectory()) {
        tree.add(inner, emptyDirectory(attributes));
        read(inner);
      } else if (stat.isFile() || stat.isSymbolicLink()) {
        const inode: Inode = stat.isFile()
          ? { type: 'file', attributes, size: stat.size, source: stat.size === 0 ? undefined : source }
          : { type: 'symlink', attributes, target: readlinkSync(source) };
        if (stat.nlink > 1) hardLinks.set(id, inode);
        tree.add(inner, inode);
      } else skipped += 1;
    }
  };
  try {
    tree.add('', emptyDirectory(attributesOf(lstatSync(`${folder}/.`))));
    read('');
  } catch (error) {
    if (error instanceof DozlabError) throw error;
    const { code = 'unknown error', path = folder } = error as NodeJS.ErrnoException;
    throw new DozlabError('invalid-rootfs', `${path} cannot be read (${code})`, { cause: error });
  }
  return skipped;
}
