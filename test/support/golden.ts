import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mapping } from '@dozlab/charts/schema';
import { type Manifest, toYaml } from '@dozlab/charts/yaml';
import { labSession } from './manifests';
import { expectUpdatesAllowed } from './refuse-updates';

export const GOLDEN = join(__dirname, '..', 'golden');

/**
 * With `UPDATE_GOLDEN=1` it writes the file.
 * @param name a literal, so that the test for orphaned files finds it
 * @throws Error when it would write in CI
 */
export function expectGolden(name: string, text: string): void {
  const path = join(GOLDEN, name);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    expectUpdatesAllowed('UPDATE_GOLDEN=1');
    writeFileSync(path, text);
  }
  expect(existsSync(path) ? readFileSync(path, 'utf8') : `no file ${path}: run with UPDATE_GOLDEN=1`).toBe(text);
}

export function goldenSession(name: string, over: Mapping = {}): Manifest[] {
  const manifests = labSession(over);
  expectGolden(`${name}.yaml`, toYaml(manifests));
  return manifests;
}
