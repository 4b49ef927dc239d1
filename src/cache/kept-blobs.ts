import { blobId, ID_LENGTH } from '../git/blob';
import { isGenerated } from '../manifests/header';

/** Ids that Git has for files, one behind the other, where one is not known as many spaces. */
export type BlobIds = string;

const padded = (id = ''): string => id.padEnd(ID_LENGTH);

export const packIds = (ids: readonly (string | undefined)[]): BlobIds => ids.map(padded).join('');

/** @param index of the file */
export function idAt(ids: BlobIds, index: number): string | undefined {
  const id = ids.slice(index * ID_LENGTH, (index + 1) * ID_LENGTH).trimEnd();
  return id === '' ? undefined : id;
}

/** The id of a file of the output, if only we can have written it as it is. */
export const idOfOutput = (content: string): string | undefined =>
  isGenerated(content) && !content.includes('\r') ? blobId(content) : undefined;
