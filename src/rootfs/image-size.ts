import { DozlabError } from '../core/errors';
import type { Directory, FileTree, Inode } from './file-tree';

const BLOCK = 4096;
const INODE = 256;
const MIB = 1024 ** 2;
/** mke2fs makes an inode for so many bytes. */
const INODE_RATIO = 16_384;
/** A directory entry with a long name. */
const ENTRY = 64;
/** Room for a journal of 64 MiB, and for the first start. */
const SLACK = 160 * MIB;

export interface TreeSizes {
  /** Of files and directories. */
  readonly bytes: number;
  /** With a tenth and 1,024 free. */
  readonly inodes: number;
}

const blocks = (bytes: number): number => Math.ceil(bytes / BLOCK) * BLOCK;

/** Hard links count once. */
export function sizesOf({ root }: FileTree): TreeSizes {
  const seen = new Set<Inode>();
  let bytes = 0;
  const count = (directory: Directory): void => {
    bytes += blocks(Math.max(1, directory.entries.size * ENTRY));
    for (const { inode } of directory.entries.values()) {
      if (seen.has(inode)) continue;
      seen.add(inode);
      if (inode.type === 'directory') count(inode);
      else if (inode.type === 'file') bytes += blocks(inode.size);
      // A target of up to 59 bytes is in the inode.
      else if (Buffer.byteLength(inode.target) >= 60) bytes += BLOCK;
    }
  };
  count(root);
  const used = seen.size + 1;
  return { bytes, inodes: Math.max(Math.ceil(used * 1.1) + 1024, Math.ceil(bytes / INODE_RATIO)) };
}

/** Bytes of an image in which the files fit, in whole MiB. */
export const leastSize = ({ bytes, inodes }: TreeSizes): number =>
  Math.ceil((bytes * 1.05 + inodes * INODE + SLACK) / MIB) * MIB;

const UNITS: Readonly<Record<string, number>> = { K: 1024, M: MIB, G: 1024 ** 3, T: 1024 ** 4 };

/** The largest ext4 file system with blocks of 4 KiB and 32 bits. */
const LARGEST = 16 * 1024 ** 4;

/**
 * Bytes of a size such as `2G`, in powers of 1024, as rootfs.diskSize.
 * @throws DozlabError with code `invalid-usage`
 */
export function imageSizeIn(text: string): number {
  const [, number = '', unit = ''] = /^([1-9]\d{0,8})([KMGT])$/.exec(text) ?? [];
  const bytes = Number(number) * (UNITS[unit] ?? NaN);
  if (bytes <= LARGEST) return bytes;
  throw new DozlabError(
    'invalid-usage',
    `--size is ${text}; accepted: a whole number and K, M, G or T, such as 2G, at most 16T`,
  );
}
