import { FLUX_IGNORES, isBuildFile } from './files';
import { matches } from './ignore-patterns';

/** Windows, "Naming Files, Paths, and Namespaces": with any extension. */
const DEVICE = /^(con|prn|aux|nul|com[1-9]|lpt[1-9])$/i;

/**
 * A project writes files `<name>.yaml` and folders `<name>` for the names of sessions, cohorts and namespaces.
 * @returns why another program would not take such a file for what it is, or undefined
 */
export function meaningOfName(name: string): string | undefined {
  const file = `${name}.yaml`;
  if (isBuildFile(file)) return `kustomize and Flux build a folder from ${file}`;
  if (DEVICE.test(name)) return `Windows has a device of this name and cannot check out ${file}`;
  if (FLUX_IGNORES.some((text) => matches({ text, domain: '' }, file.toLowerCase())))
    return `Flux leaves ${file} out of its sources`;
  return undefined;
}

const DIGITS = Array.from({ length: 9 }, (_, index) => String(index + 1));

/** All names with a meaning, in lower case, for JSON Schemas. */
export const NAMES_WITH_MEANING: readonly string[] = [
  'kustomization',
  'cloudbuild',
  ...['con', 'prn', 'aux', 'nul'],
  ...DIGITS.map((digit) => `com${digit}`),
  ...DIGITS.map((digit) => `lpt${digit}`),
];
