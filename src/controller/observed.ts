import type { Problem } from '../core/diagnostics';
import type { Finding } from './conditions';
import type { Desired } from './desired';
import type { KubeObject, LabSessionObject } from './live-objects';

/** How often pods of a session came to an end by themselves, one after the other. */
export interface Replacements {
  readonly count: number;
  /** When the last one was replaced. RFC 3339. */
  readonly last?: string;
}

/** A write to the cluster. */
export type Action =
  /** Server-side apply, which makes what is not there. */
  | { readonly verb: 'apply'; readonly object: KubeObject }
  /** A Secret with a new password, unless it is there. */
  | { readonly verb: 'create-secret'; readonly name: string; readonly key: string }
  /** Only this very object: its UID is a precondition. */
  | { readonly verb: 'delete'; readonly object: KubeObject }
  | { readonly verb: 'event'; readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string };

/** What the cluster has of a session. */
export interface Observed {
  readonly session: LabSessionObject;
  /** Of the values. */
  readonly problems: readonly Problem[];
  /** Undefined if the values are wrong. */
  readonly desired: Desired | undefined;
  /** Live objects of the kinds that sessions have, with a name that a desired object has or with the session as owner. */
  readonly live: readonly KubeObject[];
  /** Of pods before. */
  readonly replacements: Replacements;
  readonly now: Date;
}

export interface Plan {
  /** In order; a failed one ends the rest. */
  readonly actions: readonly Action[];
  readonly findings: readonly Finding[];
  readonly phase: Phase;
  readonly replacements: Replacements;
  /** When to look again although nothing changed, in seconds. @default not */
  readonly againSeconds?: number;
}

export type Phase = 'Invalid' | 'Pending' | 'Starting' | 'Running' | 'Suspended' | 'Ended' | 'Conflict';
