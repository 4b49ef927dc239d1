import type { NodeSettings } from '../api/settings/nodes';

export interface Nodes {
  readonly settings: NodeSettings;
  readonly devices: readonly Device[];
  readonly labs: readonly { readonly name: string; readonly images: readonly string[] }[];
}

/** A device of the node. */
export interface Device {
  readonly resource: string;
  readonly path: string;
}
