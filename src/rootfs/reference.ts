import { DozlabError } from '../core/errors';

export interface Reference {
  /** `oci://host/repository`. */
  readonly url: string;
  /** A tag, or a digest. */
  readonly tag: string;
}

/** Distribution, "Pulling manifests". */
const REFERENCE =
  /^(?:oci:\/\/)?([A-Za-z0-9.-]+(?::\d+)?)\/([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/;

/** @throws DozlabError with code `invalid-usage` */
export function referenceIn(text: string): Reference {
  const [, host, repository, tag, digest] = REFERENCE.exec(text) ?? [];
  if (host === undefined || repository === undefined || (tag ?? digest) === undefined)
    throw new DozlabError(
      'invalid-usage',
      `${text} is no image of a registry; accepted: registry.example.com/labs/vm:1, with a tag or a digest`,
    );
  return { url: `oci://${host}/${repository}`, tag: digest ?? tag ?? '' };
}
