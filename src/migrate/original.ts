import type { Position, Problem } from '../core/diagnostics';
import type { Mapping, Path } from '@dozlab/charts/schema';

/** The forms in which a session can be given. */
export type Form = 'manifest' | 'values' | 'release' | 'live';

/** Where something is given. */
export interface Place extends Position {
  readonly file: string;
}

/** A session as it was before, in whichever form it was given. */
export interface Original {
  readonly form: Form;
  readonly place: Place;
  readonly id: string;
  /** Whom it is for, kept exactly. */
  readonly userId: string;
  /** Not known where the form does not say it. */
  readonly namespace?: string;
  /** Name of its HelmRelease. */
  readonly release?: string;
  /** What it sets, as values of a session; a null takes a default away. */
  readonly values: Mapping;
  readonly expiresAt?: string;
  readonly suspended?: boolean;
  /** The Pod and the Service that it had: as given, or as the older chart made them of right values. */
  readonly objects: () => readonly Mapping[];
  /** Whether it has a Secret, or a password that is given with it. */
  readonly hasPassword: boolean;
  /** A problem of one of its values, at the place where that is given. */
  at(severity: Problem['severity'], code: Problem['code'], path: Path, message: string): Problem;
}

/** What a kind of input gives: sessions, and what there is to say of the rest. */
export interface Found {
  readonly originals: readonly Original[];
  readonly problems: readonly Problem[];
}
