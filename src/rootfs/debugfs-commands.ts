import { DozlabError } from '../core/errors';
import type { Attributes, Directory, FileTree, Inode } from './file-tree';

const TYPE_BITS = { directory: 0o040000, file: 0o100000, symlink: 0o120000 } as const;

/** What debugfs gives a new inode, less the type. A symbolic link has no other mode. */
const DEFAULT_MODE = { directory: 0o755, file: undefined, symlink: 0o777 } as const;

/** Bytes that a directory entry has beside its name, at most. */
const ENTRY = 12;
/** Less than half of a block. */
const ROOM = 1500;

const MOST_TARGET = 4095;

interface Hard {
  readonly path: string;
  links: number;
}

/**
 * Commands of debugfs that make the files in an empty file system. Names are sorted, so the same files get the same
 * inode numbers.
 */
export function* writeCommands({ root }: FileTree): Generator<string> {
  const hard = new Map<Inode, Hard>();
  yield* filesOf(root, '', hard);
  for (const { path, links } of hard.values()) if (links > 1) yield `sif ${quoted(path)} links_count ${String(links)}`;
  // A new file changes the time of its directory.
  yield* directoryTimes(root, '');
}

const sorted = ({ entries }: Directory): [name: string, entry: Inode][] =>
  Array.from(entries, ([name, { inode }]): [string, Inode] => [name, inode]).sort(([one], [other]) =>
    one < other ? -1 : 1,
  );

function* filesOf(directory: Directory, path: string, hard: Map<Inode, Hard>): Generator<string> {
  // mke2fs has made it.
  const entries = sorted(directory).filter(([name]) => !(path === '' && name === 'lost+found'));
  if (entries.length > 0) yield `cd ${quoted(path === '' ? '/' : path)}`;
  let room = 0;
  for (const [name, inode] of entries) {
    const linked = hard.get(inode);
    if (linked === undefined) {
      yield* newInode(name, inode);
      if (inode.type !== 'directory') hard.set(inode, { path: `${path}/${name}`, links: 1 });
      continue;
    }
    // debugfs lets a directory grow for new inodes only.
    room -= Buffer.byteLength(name) + ENTRY;
    if (room < 0) {
      yield 'expand_dir .';
      room = ROOM;
    }
    linked.links += 1;
    yield `ln ${quoted(linked.path)} ${quoted(name)}`;
  }
  for (const [name, inode] of entries) if (inode.type === 'directory') yield* filesOf(inode, `${path}/${name}`, hard);
}

function* newInode(name: string, inode: Inode): Generator<string> {
  const shown = quoted(name);
  if (inode.type === 'directory') yield `mkdir ${shown}`;
  else if (inode.type === 'file') yield `write ${quoted(inode.source ?? '/dev/null')} ${shown}`;
  else yield `symlink ${shown} ${quotedTarget(inode.target)}`;
  const { mode, uid, gid, mtime }: Attributes = inode.attributes;
  if (inode.type !== 'symlink' && mode !== DEFAULT_MODE[inode.type])
    yield `sif ${shown} mode 0${(TYPE_BITS[inode.type] | mode).toString(8)}`;
  if (uid !== 0) yield `sif ${shown} uid ${String(uid)}`;
  if (gid !== 0) yield `sif ${shown} gid ${String(gid)}`;
  if (inode.type === 'file' && inode.capability !== undefined)
    yield `ea_set -f ${quoted(inode.capability)} ${shown} security.capability`;
  if (inode.type !== 'directory') yield `sif ${shown} mtime ${timeOf(mtime)}`;
}

function* directoryTimes(directory: Directory, path: string): Generator<string> {
  if (path === '') {
    const { mode, uid, gid } = directory.attributes;
    yield `sif / mode 0${(TYPE_BITS.directory | mode).toString(8)}`;
    if (uid !== 0) yield `sif / uid ${String(uid)}`;
    if (gid !== 0) yield `sif / gid ${String(gid)}`;
  }
  yield `sif ${quoted(path === '' ? '/' : path)} mtime ${timeOf(directory.attributes.mtime)}`;
  for (const [name, inode] of sorted(directory))
    if (inode.type === 'directory' && !(path === '' && name === 'lost+found'))
      yield* directoryTimes(inode, `${path}/${name}`);
}

/** Inodes of ext4 hold 32 bits without their extra field. */
const timeOf = (seconds: number): string => `@${String(Math.min(Math.max(seconds, 0), 2 ** 31 - 1))}`;

const quoted = (text: string): string => {
  if (/[\x00\r\n]/.test(text))
    throw new DozlabError('invalid-rootfs', `${JSON.stringify(text)} has a line break. Fix: rename the file`);
  return `"${text.replaceAll('"', '""')}"`;
};

function quotedTarget(target: string): string {
  if (target === '' || Buffer.byteLength(target) > MOST_TARGET)
    throw new DozlabError('invalid-rootfs', 'a symbolic link has no target, or one of more than 4,095 bytes');
  return quoted(target);
}
