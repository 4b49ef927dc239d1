import type { Diagnostics } from '../core/diagnostics';
import type { SessionText } from './session-text';

/** Sorted, without hidden names. */
export interface Listing {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Without byte order mark. */
export interface FileText {
  readonly text: string;
  /** Byte order mark or empty. */
  readonly mark: string;
  readonly split?: SessionText;
}

/** Paths are relative to the project. */
export interface Source {
  list(folder: string, diagnostics: Diagnostics): Listing;
  /** Undefined if missing or unreadable. */
  read(path: string, diagnostics: Diagnostics): FileText | undefined;
}

export function fileText(whole: string): FileText {
  const text = whole.replace(/^\ufeff/, '');
  return { text, mark: whole.slice(0, whole.length - text.length) };
}
