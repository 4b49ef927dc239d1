import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DozlabError } from '../core/errors';
import { debugfsErrors, failedTool, runE2fsprogs } from './e2fsprogs';
import type { FileTree } from './file-tree';
import { writeCommands } from './debugfs-commands';
import { leastSize, sizesOf } from './image-size';

export interface ImageSettings {
  /** Bytes; computed from the files if undefined. */
  readonly size: number | undefined;
  /** At most 16 bytes. */
  readonly label: string | undefined;
}

/** Without /etc/mke2fs.conf, so the same files give the same bytes on any machine with the same e2fsprogs. */
const CONFIGURATION = `[defaults]
  base_features = sparse_super,large_file,filetype,resize_inode,dir_index,ext_attr
  blocksize = 4096
  inode_size = 256
  inode_ratio = 16384
[fs_types]
  ext4 = {
    features = has_journal,extent,huge_file,flex_bg,metadata_csum,64bit,dir_nlink,extra_isize
  }
  floppy = {
  }
  small = {
  }
  big = {
  }
  huge = {
  }
`;

const UUID = 'd0216ab0-0000-4000-8000-000000000000';

/** 2020-01-01, for the times of the file system itself. Zero would mean the time of the run. */
const EPOCH = '1577836800';

const WHY = 'to make an ext4 image';

/**
 * Makes an ext4 image without root and without mounting.
 * @param folder for temporary files
 * @returns its path
 * @throws DozlabError with code `invalid-rootfs`, `missing-tool` or `failed-tool`
 */
export function writeImage(tree: FileTree, { size, label }: ImageSettings, folder: string): string {
  const sizes = sizesOf(tree);
  const least = leastSize(sizes);
  if (size !== undefined && size < sizes.bytes) throw tooSmall(size, least);
  const image = join(folder, 'image');
  const configuration = join(folder, 'mke2fs.conf');
  writeFileSync(configuration, CONFIGURATION);
  const time = process.env['SOURCE_DATE_EPOCH'] ?? EPOCH;
  const variables = {
    MKE2FS_CONFIG: configuration,
    E2FSPROGS_FAKE_TIME: time,
    E2FSCK_TIME: time,
  };
  const run = { cwd: folder, variables };
  const bytes = size ?? least;
  makeEmpty(image, bytes, sizes.inodes, label, run);
  const script = join(folder, 'script');
  const file = openSync(script, 'w');
  try {
    for (const command of writeCommands(tree)) writeSync(file, `${command}\n`);
  } finally {
    closeSync(file);
  }
  const written = runE2fsprogs('debugfs', WHY, { ...run, args: ['-w', '-f', script, image] });
  const errors = debugfsErrors(written);
  if (/could not allocate/i.test(errors)) throw tooSmall(bytes, least);
  if (errors !== '' || written.status !== 0) throw failedTool('debugfs', WHY, { ...written, stderr: errors });
  // Sorts large directories, for a fast look-up. 1: it changed something.
  const checked = runE2fsprogs('e2fsck', WHY, { ...run, args: ['-f', '-y', '-D', image] });
  if (checked.status !== 0 && checked.status !== 1) throw failedTool('e2fsck', WHY, checked);
  return image;
}

function makeEmpty(
  image: string,
  bytes: number,
  inodes: number,
  label: string | undefined,
  run: { readonly cwd: string; readonly variables: Readonly<Record<string, string>> },
): void {
  const extended = `hash_seed=${UUID},lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0`;
  const args = [
    ...['-q', '-F', '-t', 'ext4', '-m', '0', '-U', UUID, '-E', extended, '-N', String(inodes)],
    ...(label === undefined ? [] : ['-L', label]),
    ...[image, `${String(Math.floor(bytes / 1024))}k`],
  ];
  const made = runE2fsprogs('mke2fs', WHY, { ...run, args });
  if (made.status !== 0) throw failedTool('mke2fs', WHY, made);
}

const MIB = 1024 ** 2;

const tooSmall = (bytes: number, least: number): DozlabError =>
  new DozlabError(
    'invalid-rootfs',
    `the files do not fit into ${String(Math.floor(bytes / MIB))} MiB. Fix: --size ${String(Math.ceil(least / MIB))}M or more, or no --size`,
  );
