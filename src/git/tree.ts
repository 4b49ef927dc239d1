import { DozlabError } from '../core/errors';
import { blobId } from './blob';
import type { Repository } from './repository';

/** A file as a commit has it. */
export interface TreeFile {
  readonly content: string;
  /** Whether it is a symbolic link; its content is where that leads. */
  readonly isLink: boolean;
  /** What it was thought to hold, where it holds just that. */
  readonly likely?: LikelyText;
}

/** A text that a file may well hold. */
export interface LikelyText {
  /** What has that text. */
  readonly of: object;
  /** The id of its blob by SHA-1, where that is known without the text. */
  readonly id?: string | undefined;
  readonly text: () => string;
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
  likely: ReadonlyMap<string, LikelyText> = new Map(),
): Map<string, TreeFile> {
  const { prefix } = repository;
  const listed = repository.run('to list the files of a commit', [
    ...['ls-tree', '-r', '-z', '--full-tree', commit, '--'],
    ...folders.map((folder) => `${prefix}${folder}`),
  ]);
  const guessed = new Map<string, LikelyText>();
  const entries = listed
    .split('\0')
    .filter((entry) => entry !== '')
    .flatMap((entry) => {
      const end = entry.indexOf('\t');
      const [mode = '', type, id = ''] = entry.slice(0, end).split(' ');
      if (type !== 'blob') return [];
      const path = entry.slice(end + 1 + prefix.length);
      const guess = likely.get(path);
      const isRight = guess !== undefined && idOf(guess, id) === id;
      if (isRight) guessed.set(id, guess);
      return [{ path, id, isLink: mode === LINK, guess: isRight ? guess : undefined }];
    });
  const contents = blobs(repository, new Set(entries.map(({ id }) => id).filter((id) => !guessed.has(id))));
  return new Map(
    entries.flatMap(({ path, id, isLink, guess = guessed.get(id) }): [string, TreeFile][] => {
      if (guess !== undefined) return [[path, asGuessed(guess, isLink)]];
      const content = contents.get(id);
      return content === undefined ? [] : [[path, { content, isLink }]];
    }),
  );
}

const idOf = ({ id, text }: LikelyText, { length }: string): string =>
  id?.length === length ? id : blobId(text(), length);

const asGuessed = (likely: LikelyText, isLink: boolean): TreeFile => ({
  isLink,
  likely,
  get content() {
    return likely.text().replace(/^\ufeff/, '');
  },
});

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
