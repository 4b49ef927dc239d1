import { DozlabError } from '../errors';
import type { Repository } from './repository';

/** A file as a commit has it. */
export interface TreeFile {
  readonly content: string;
  /** Whether it is a symbolic link; its content is where that leads. */
  readonly isLink: boolean;
}

const LINK = '120000';

/**
 * The files of a commit in folders of the repository's project, by their paths within it. What is no text is left out.
 * @param folders paths within the project, of folders and files
 */
export function treeAt(repository: Repository, commit: string, folders: readonly string[]): Map<string, TreeFile> {
  const { prefix } = repository;
  const listed = repository.run('to list the files of a commit', [
    ...['ls-tree', '-r', '-z', '--full-tree', commit, '--'],
    ...folders.map((folder) => `${prefix}${folder}`),
  ]);
  const entries = listed
    .split('\0')
    .filter((entry) => entry !== '')
    .flatMap((entry) => {
      const [, mode = '', type, id = '', path = ''] = /^(\d+) (\w+) (\w+)\t(.*)$/s.exec(entry) ?? [];
      return type === 'blob' ? [{ path: path.slice(prefix.length), id, isLink: mode === LINK }] : [];
    });
  const contents = blobs(repository, new Set(entries.map(({ id }) => id)));
  return new Map(
    entries.flatMap(({ path, id, isLink }): [string, TreeFile][] => {
      const content = contents.get(id);
      return content === undefined ? [] : [[path, { content, isLink }]];
    }),
  );
}

const NEWLINE = 0x0a;

/** The texts of blobs by their ids. */
function blobs(repository: Repository, ids: ReadonlySet<string>): Map<string, string> {
  if (ids.size === 0) return new Map();
  const input = Array.from(ids, (id) => `${id}\n`).join('');
  const output = repository.bytes('to read the files of a commit', ['cat-file', '--batch'], input);
  const found = new Map<string, string>();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let offset = 0;
  while (offset < output.length) {
    const end = output.indexOf(NEWLINE, offset);
    const [id = '', , size = ''] = output.toString('latin1', offset, end).split(' ');
    const start = end + 1;
    const length = Number(size);
    if (!Number.isInteger(length)) throw new DozlabError('failed-tool', `git cat-file has no ${id}`);
    try {
      found.set(id, decoder.decode(output.subarray(start, start + length)));
    } catch {
      // No text: none of ours.
    }
    offset = start + length + 1;
  }
  return found;
}
