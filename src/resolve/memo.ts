import type { SessionDocument } from '../api/session';
import type { Placed } from './value-layers';
import type { Problem } from '../core/diagnostics';

/** What a session came to, and what there is to say of it. */
export interface Resolution {
  readonly placed: Placed | undefined;
  readonly problems: readonly Problem[];
}

const known = new WeakMap<SessionDocument, { readonly sources: readonly unknown[]; readonly resolution: Resolution }>();

/**
 * What a session came to the last time, if that was made of the same things; otherwise what it comes to now. Where a project is looked at
 * as it was and as it is, most sessions are the same (see `loadFiles`).
 * @param sources everything else that it is made of
 */
export function resolvedOnce(
  session: SessionDocument,
  sources: readonly unknown[],
  resolve: () => Resolution,
): Resolution {
  const last = known.get(session);
  if (last?.sources.every((source, index) => source === sources[index]) === true) return last.resolution;
  const resolution = resolve();
  known.set(session, { sources, resolution });
  return resolution;
}
