import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, toYaml } from '@dozlab/charts/yaml';
import type { Mapping } from '@dozlab/charts/schema';
import { labSession } from './manifests';

const FOLDER = join(__dirname, '..', 'golden');

/**
 * Compares a text with the file of this name in test/golden. `UPDATE_GOLDEN=1` writes the file instead: then read what changed in it
 * before you commit it.
 */
export function expectGolden(name: string, text: string): void {
  const path = join(FOLDER, name);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, text);
  expect(existsSync(path) ? readFileSync(path, 'utf8') : `no file ${path}: run with UPDATE_GOLDEN=1`).toBe(text);
}

/** The manifests of a session, which a person can read under test/golden too. */
export function goldenSession(name: string, over: Mapping = {}): Manifest[] {
  const manifests = labSession(over);
  expectGolden(`${name}.yaml`, toYaml(manifests));
  return manifests;
}
