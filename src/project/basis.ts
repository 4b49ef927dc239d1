import { createHash } from 'node:crypto';
import type { Mapping } from '../schema/tree';
import type { SessionValues } from '../values/schema';
import type { Problem } from './problem';
import type { YamlFile } from './yaml-file';

/** What sessions have in common that differ in nothing but who they are for: it holds for as long as its sources stay as they are. */
export interface Basis {
  /** Digests of the files that it is made of, beside the session's own. */
  readonly sources: readonly string[];
  /** Their values as files give them, without defaults. */
  readonly given: Mapping;
  /** Complete values, of any of them. */
  readonly values: SessionValues;
  /** What there is to say of their values. All of it stands in the sources. */
  readonly problems: readonly Problem[];
}

interface Source {
  readonly file?: YamlFile;
}

const made = new WeakMap<Basis, readonly (YamlFile | undefined)[]>();

/** Whether a basis is made of files as they are. */
export function isMadeOf(basis: Basis, files: readonly Source[]): boolean {
  if (made.get(basis)?.every((file, index) => file === files[index]?.file) === true) return true;
  const now = sourcesOf(files);
  if (!basis.sources.every((source, index) => source === now[index])) return false;
  made.set(
    basis,
    files.map(({ file }) => file),
  );
  return true;
}

const digests = new WeakMap<object, string>();

/** The digests of files. */
export const sourcesOf = (files: readonly Source[]): string[] => files.map(digestOf);

function digestOf({ file }: Source): string {
  if (file === undefined) return '';
  const digest = digests.get(file) ?? createHash('sha256').update(file.text).digest('base64url');
  digests.set(file, digest);
  return digest;
}
