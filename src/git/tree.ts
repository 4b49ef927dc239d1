import { DozlabError } from '../core/errors';
import type { Repository } from './repository';
import { createHash } from 'node:crypto';

const SHA256_LENGTH = 64;

/** SHA-1. */
const ID_LENGTH = 40;

/**
 * Pro Git, "Git Objects".
 * @param length hexadecimal digits: 40 for SHA-1, 64 for SHA-256
 */
export function blobId(text: string | Uint8Array, length = ID_LENGTH): string {
  const hash = createHash(length === SHA256_LENGTH ? 'sha256' : 'sha1');
  return hash
    .update(`blob ${String(Buffer.byteLength(text))}\0`)
    .update(text)
    .digest('hex');
}

export interface TreeFile {
  /** Of a symbolic link its target. */
  readonly content: string;
  readonly isLink: boolean;
  /** Set if equal. */
  readonly candidate?: CandidateText;
}

/** Git need not send it. */
export interface CandidateText {
  readonly of: object;
  readonly text: () => string;
}

const LINK = '120000';

/** @param candidates Git sends only files with another text */
export function treeAt(
  repository: Repository,
  commit: string,
  folders: readonly string[],
  candidates: ReadonlyMap<string, CandidateText> = new Map(),
): Map<string, TreeFile> {
  const { prefix } = repository;
  const listed = repository.run('to list the files of a commit', [
    ...['ls-tree', '-r', '-z', '--full-tree', commit, '--'],
    ...folders.map((folder) => `${prefix}${folder}`),
  ]);
  const matching = new Map<string, CandidateText>();
  const entries = listed
    .split('\0')
    .filter((entry) => entry !== '')
    .flatMap((entry) => {
      const end = entry.indexOf('\t');
      const [mode = '', type, id = ''] = entry.slice(0, end).split(' ');
      if (type !== 'blob') return [];
      const path = entry.slice(end + 1 + prefix.length);
      const candidate = candidates.get(path);
      const isMatch = candidate !== undefined && blobId(candidate.text(), id.length) === id;
      if (isMatch) matching.set(id, candidate);
      return [{ path, id, isLink: mode === LINK, candidate: isMatch ? candidate : undefined }];
    });
  const contents = blobs(repository, new Set(entries.map(({ id }) => id).filter((id) => !matching.has(id))));
  return new Map(
    entries.flatMap(({ path, id, isLink, candidate = matching.get(id) }): [string, TreeFile][] => {
      if (candidate !== undefined) return [[path, asCandidate(candidate, isLink)]];
      const content = contents.get(id);
      return content === undefined ? [] : [[path, { content, isLink }]];
    }),
  );
}

const asCandidate = (candidate: CandidateText, isLink: boolean): TreeFile => ({
  isLink,
  candidate,
  get content() {
    return candidate.text().replace(/^\ufeff/, '');
  },
});

const NEWLINE = 0x0a;

/** Skips blobs that are not UTF-8. */
function blobs(repository: Repository, ids: ReadonlySet<string>): Map<string, string> {
  if (ids.size === 0) return new Map();
  const input = Array.from(ids, (id) => `${id}\n`).join('');
  const output = repository.readBytes('to read the files of a commit', ['cat-file', '--batch'], input);
  const found = new Map<string, string>();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let offset = 0;
  while (offset < output.length) {
    const end = output.indexOf(NEWLINE, offset);
    const [id = '', , size = ''] = output.toString('latin1', offset, end).split(' ');
    const start = end + 1;
    const length = Number(size);
    if (!Number.isInteger(length)) throw new DozlabError('failed-tool', `git cat-file does not find ${id}`);
    try {
      found.set(id, decoder.decode(output.subarray(start, start + length)));
    } catch {
      // Not a text file.
    }
    offset = start + length + 1;
  }
  return found;
}
