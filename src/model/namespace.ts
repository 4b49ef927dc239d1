import type { InfraSettings } from '../api/settings/infra';
import type { Quantity } from '../api/values/quantity';
import type { SessionValues } from '../api/values/schema';

export interface Namespace {
  readonly name: string;
  readonly settings: InfraSettings;
  /** @default no quota */
  readonly quota?: Readonly<Record<string, Quantity>>;
  /** `*` at the end matches any rest. */
  readonly images: readonly string[];
  readonly releaseAccounts: readonly string[];
  readonly networkPolicy: SessionValues['networkPolicy'];
}

const EXISTING = /^(default|kube-.*)$/;

export const isOwnNamespace = (name: string): boolean => !EXISTING.test(name);
