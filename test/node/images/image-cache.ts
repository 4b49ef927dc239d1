import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { binFolder } from '../../cluster/tools';

/** The folder of built images and disks, beside that of the programs. */
export const imageFolder = (): string => join(dirname(binFolder()), 'images');

/** Something that is built once and kept as a file. */
export interface KeptFile {
  /** Its name in the folder of images. */
  readonly file: string;

  /** Paths of files that it is made of: it is made again when one changes. */
  readonly inputs: readonly string[];

  /** What else it depends on, such as a list of packages. @default nothing */
  readonly settings?: unknown;

  /** Makes the file at a path, with a folder for its work. */
  readonly make: (path: string, work: string) => Promise<void> | void;
}

/** Makes what is not there yet, or was made of other files, and gives its path. */
export async function keep({ file, inputs, settings, make }: KeptFile): Promise<string> {
  const folder = imageFolder();
  const [path, stamp] = [join(folder, file), join(folder, `.${file}.key`)];
  const hash = createHash('sha256').update(JSON.stringify(settings ?? null));
  for (const input of inputs) hash.update(readFileSync(input));
  const key = hash.digest('hex');
  if (existsSync(path) && existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return path;
  process.stderr.write(`making ${file}, which is kept in ${folder}\n`);
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(folder, '.work-'));
  try {
    await make(path, work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  writeFileSync(stamp, key);
  return path;
}
