import { closeSync, openSync, readSync } from 'node:fs';
import { DozlabError } from '../core/errors';
import { withoutControls } from '../core/text';
import { lastLines, outputOfTool, type ToolOutput, type ToolRun } from '../core/exec';

type Program = 'mke2fs' | 'debugfs' | 'e2fsck';

/** Milliseconds; for images of many gigabytes. */
const TIME_LIMIT = 3_600_000;

/**
 * @param why completes "NAME is needed …"
 * @throws DozlabError with code `missing-tool` or `failed-tool`
 */
export function runE2fsprogs(name: Program, why: string, run: ToolRun): ToolOutput {
  // Debian keeps them from the PATH of users.
  const variables = { ...run.variables, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' };
  try {
    return outputOfTool(name, why, { timeLimit: TIME_LIMIT, ...run, variables });
  } catch (error) {
    if (!(error instanceof DozlabError) || error.code !== 'missing-tool') throw error;
    throw new DozlabError('missing-tool', `${error.message}. Fix: install the package e2fsprogs`, { cause: error });
  }
}

export const failedTool = (name: Program, why: string, { stdout, stderr }: ToolOutput): DozlabError =>
  new DozlabError(
    'failed-tool',
    `${name} failed ${why}: ${lastLines(stderr === '' ? stdout.toString('utf8') : stderr)}`,
  );

/** debugfs succeeds in any case, and says first what version it is. */
export const debugfsErrors = ({ stderr }: ToolOutput): string =>
  stderr
    .split('\n')
    .filter((line) => line !== '' && !/^debugfs \d/.test(line))
    // They may name files of an archive.
    .map(withoutControls)
    .join('\n');

const MAGIC_OFFSET = 1080;
const MAGIC = 0xef53;

/** @throws DozlabError with code `invalid-rootfs` */
export function refuseOtherThanExt4(path: string): void {
  const magic = Buffer.alloc(2);
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, magic, 0, magic.length, MAGIC_OFFSET);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new DozlabError('invalid-rootfs', `${path} cannot be read (${code})`, { cause: error });
  }
  if (magic.readUInt16LE() !== MAGIC)
    throw new DozlabError('invalid-rootfs', `${path} is no ext4 image. Fix: make one by dozlab rootfs build`);
}
