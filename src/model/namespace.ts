import type { InfraSettings } from '../api/settings/infra';
import type { Quantity } from '../api/values/quantity';
import type { SessionValues } from '../api/values/schema';

/** A namespace of sessions, with the objects that its sessions share. */
export interface Namespace {
  readonly name: string;
  /** Settings of its cohorts. */
  readonly settings: InfraSettings;
  /** Hard limits by resource name. @default no quota */
  readonly quota?: Readonly<Record<string, Quantity>>;
  /** Images that its pods may have; `*` at the end matches any rest. */
  readonly images: readonly string[];
  /** Service accounts as which Helm installs releases in it. */
  readonly releaseAccounts: readonly string[];
  /** Network rules of its sessions, from the project and the cohort. */
  readonly networkPolicy: SessionValues['networkPolicy'];
}

/** Namespaces that every cluster has, for pods of any kind. */
const EXISTING = /^(default|kube-.*)$/;

/** Whether a namespace exists for sessions alone. */
export const isOwnNamespace = (name: string): boolean => !EXISTING.test(name);
