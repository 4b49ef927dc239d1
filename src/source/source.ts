import type { Diagnostics } from '../core/diagnostics';
import type { SessionText } from './session-text';

/** What a folder holds: files and folders by name, in order, without hidden ones. */
export interface Listing {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** The text of a file, without its byte order mark. */
export interface FileText {
  readonly text: string;
  /** The byte order mark, or nothing. */
  readonly mark: string;
  /** The text in two parts, if the source has it. */
  readonly split?: SessionText;
}

/** The files of a project, in a folder or in a commit. Paths are relative to the project. */
export interface Source {
  /** What a folder holds; nothing when there is no such folder. */
  list(folder: string, diagnostics: Diagnostics): Listing;
  /** Undefined for a file that does not exist, or that cannot be read, which it reports. */
  read(path: string, diagnostics: Diagnostics): FileText | undefined;
}

export function fileText(whole: string): FileText {
  const text = whole.replace(/^\ufeff/, '');
  return { text, mark: whole.slice(0, whole.length - text.length) };
}
