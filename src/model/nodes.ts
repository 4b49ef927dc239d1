import type { NodeSettings } from '../api/settings/nodes';

/** What nodes do for sessions. */
export interface Nodes {
  readonly settings: NodeSettings;
  /** Devices that sessions request. */
  readonly devices: readonly Device[];
  /** Images by lab. */
  readonly labs: readonly { readonly name: string; readonly images: readonly string[] }[];
}

/** A device of the node, and the resource under which pods request it. */
export interface Device {
  /** Such as `devices.kubevirt.io/kvm`. */
  readonly resource: string;
  /** Such as `/dev/kvm`. */
  readonly path: string;
}
