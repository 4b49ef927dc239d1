import { checkAddress } from './address';
import type { Check } from './check';
import { checkDocker } from './docker';
import { ImageFiles } from './image-files';
import { checkSsh } from './ssh';
import { checkTools } from './tools';

export interface CheckSettings {
  /** IPv4 address of the microVM. */
  readonly address: string;
  /** Names of programs. */
  readonly tools: readonly string[];
}

/**
 * The four conditions that a session has of its root file system.
 * @throws DozlabError with code `invalid-rootfs`, `missing-tool` or `failed-tool`
 */
export function checkImage(image: string, { address, tools }: CheckSettings): Check[] {
  const files = new ImageFiles(image);
  return [checkSsh(files), checkDocker(files, address), checkAddress(files, address), checkTools(files, tools)];
}
