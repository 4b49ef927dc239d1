import { resolve } from 'node:path';
import { DozlabError } from '../../core/errors';
import { debugfsErrors, failedTool, refuseOtherThanExt4, runE2fsprogs } from '../e2fsprogs';

interface Found {
  readonly inode: string;
  readonly type: 'directory' | 'file' | 'symlink' | 'other';
  readonly isExecutable: boolean;
  readonly size: number;
}

const TYPES: Readonly<Record<string, Found['type']>> = { '04': 'directory', '10': 'file', '12': 'symlink' };

const ROOT: Found = { inode: '2', type: 'directory', isExecutable: false, size: 0 };

const WHY = 'to read an ext4 image';
const MOST_LINKS = 40;
/** Of files that are read, in bytes. */
const MOST_BYTES = 1024 ** 2;

/** Reads an ext4 image by debugfs, without mounting. Follows links inside the image, as its own system would. */
export class ImageFiles {
  private readonly image: string;
  private readonly listings = new Map<string, ReadonlyMap<string, Found>>();

  /** @throws DozlabError with code `invalid-rootfs` or `missing-tool` */
  constructor(image: string) {
    refuseOtherThanExt4(image);
    // A name such as -w is no option.
    this.image = resolve(image);
  }

  exists(path: string): boolean {
    return this.find(path) !== undefined;
  }

  isExecutable(path: string): boolean {
    const found = this.find(path);
    return found?.type === 'file' && found.isExecutable;
  }

  /** Names in a directory, sorted; empty without it. */
  list(path: string): string[] {
    const found = this.find(path);
    return found?.type === 'directory' ? Array.from(this.entries(found.inode).keys()).sort() : [];
  }

  /** Text of a file; undefined without it, or if it is larger than a configuration file. */
  text(path: string): string | undefined {
    const found = this.find(path);
    if (found?.type !== 'file' || found.size > MOST_BYTES) return undefined;
    return this.ask(`cat <${found.inode}>`);
  }

  /** Target of a symbolic link; undefined for other files. */
  target(path: string): string | undefined {
    const end = path.lastIndexOf('/');
    const folder = this.find(path.slice(0, end));
    const found = folder?.type === 'directory' ? this.entries(folder.inode).get(path.slice(end + 1)) : undefined;
    return found?.type === 'symlink' ? this.targetOf(found) : undefined;
  }

  private find(path: string): Found | undefined {
    const way = [ROOT];
    const ahead = partsOf(path);
    let links = 0;
    for (let name = ahead.shift(); name !== undefined; name = ahead.shift()) {
      if (name === '..') {
        if (way.length > 1) way.pop();
        continue;
      }
      const { type, inode } = way.at(-1) ?? ROOT;
      const next = type === 'directory' ? this.entries(inode).get(name) : undefined;
      if (next === undefined) return undefined;
      if (next.type !== 'symlink') {
        way.push(next);
        continue;
      }
      if ((links += 1) > MOST_LINKS) return undefined;
      const target = this.targetOf(next);
      if (target.startsWith('/')) way.splice(1);
      ahead.unshift(...partsOf(target));
    }
    return way.at(-1);
  }

  private entries(inode: string): ReadonlyMap<string, Found> {
    const known = this.listings.get(inode);
    if (known !== undefined) return known;
    const entries = new Map<string, Found>();
    for (const line of this.ask(`ls -p <${inode}>`).split('\n')) {
      const [, number = '', mode = '', name = '', size = ''] =
        /^\/(\d+)\/(\d{6})\/\d+\/\d+\/(.*)\/(\d*)\/$/.exec(line) ?? [];
      if (name === '' || name === '.' || name === '..' || number === '0') continue;
      const isExecutable = (parseInt(mode, 8) & 0o111) !== 0;
      entries.set(name, { inode: number, type: TYPES[mode.slice(0, 2)] ?? 'other', isExecutable, size: Number(size) });
    }
    this.listings.set(inode, entries);
    return entries;
  }

  private targetOf({ inode, size }: Found): string {
    // A short target is in the inode.
    if (size >= 60) return this.ask(`cat <${inode}>`);
    return /^Fast link dest: "(.*)"$/m.exec(this.ask(`stat <${inode}>`))?.[1] ?? '';
  }

  private ask(request: string): string {
    const output = runE2fsprogs('debugfs', WHY, { args: ['-R', request, this.image] });
    if (output.status !== 0) throw failedTool('debugfs', WHY, output);
    const errors = debugfsErrors(output);
    if (errors === '') return output.stdout.toString('utf8');
    throw new DozlabError('invalid-rootfs', `${this.image} is damaged: ${errors}. Fix: e2fsck -f, or build it again`);
  }
}

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.');
