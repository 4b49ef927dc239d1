import { createHash } from 'node:crypto';
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
 * @param likely texts that files may well hold, by the same paths: Git is asked only for those that hold another
 */
export function treeAt(
  repository: Repository,
  commit: string,
  folders: readonly string[],
  likely: ReadonlyMap<string, string> = new Map(),
): Map<string, TreeFile> {
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
  const known = new Map(
    entries.flatMap(({ path, id }): [string, string][] => {
      const text = likely.get(path);
      return text !== undefined && blobId(text, id) === id ? [[id, text.replace(/^\ufeff/, '')]] : [];
    }),
  );
  const contents = blobs(repository, new Set(entries.map(({ id }) => id).filter((id) => !known.has(id))));
  return new Map(
    entries.flatMap(({ path, id, isLink }): [string, TreeFile][] => {
      const content = known.get(id) ?? contents.get(id);
      return content === undefined ? [] : [[path, { content, isLink }]];
    }),
  );
}

/** Ids of SHA-256 are this long, those of SHA-1 shorter. */
const LONG_ID = 64;

/** The id that Git has for a text (Git, "Git Internals", Git Objects), in the form of another id. */
function blobId(text: string, { length }: string): string {
  const hash = createHash(length === LONG_ID ? 'sha256' : 'sha1');
  return hash
    .update(`blob ${String(Buffer.byteLength(text))}\0`)
    .update(text)
    .digest('hex');
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
