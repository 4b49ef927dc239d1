import { createColors } from 'picocolors';
import { isError, type Problem } from '../core/diagnostics';
import { withoutSecrets } from '../core/redact';
import { withoutControls, plural } from '../core/text';
import { hideProgress } from './progress-line';
import type { OutputPlan } from '../synth/plan';

// A reader may close the pipe (`dozlab schema values | head`). This is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
}

function writeLine(stream: NodeJS.WriteStream, text: string): void {
  hideProgress();
  stream.write(`${text}\n`);
}

export const print = (text: string): void => {
  writeLine(process.stdout, withoutSecrets(text));
};

export const printNote = (text: string): void => {
  writeLine(process.stderr, withoutSecrets(text));
};

/** Masks nothing: a revealed password, or manifests, which a mask would change. */
export const printUnmasked = (text: string): void => {
  writeLine(process.stdout, text);
};

/** Output to a pipe must not depend on CI or FORCE_COLOR. */
const colorsOf = (stream: { isTTY?: boolean }) =>
  createColors(stream.isTTY === true && process.env['NO_COLOR'] === undefined && process.env['TERM'] !== 'dumb');

/** `file:line:column severity path message [code]`. */
export function problemLines(problems: readonly Problem[], stream: NodeJS.WriteStream): string[] {
  const colors = colorsOf(stream);
  const severities = { error: colors.red('error'), warning: colors.yellow('warning'), info: colors.cyan('info') };
  return problems.map(({ severity, file, line, column, path, message, code }) => {
    const place = `${withoutControls(file)}:${String(line)}:${String(column)}`;
    return `${colors.bold(place)} ${severities[severity]} ${path === '' ? '' : `${path} `}${message} ${colors.dim(`[${code}]`)}`;
  });
}

export function printProblems(problems: readonly Problem[]): void {
  for (const line of problemLines(problems, process.stderr)) printNote(line);
}

export const problemCounts = (problems: readonly Problem[]): string =>
  [
    plural(problems.filter(isError).length, 'error'),
    plural(problems.filter(({ severity }) => severity === 'warning').length, 'warning'),
  ].join(', ');

/** Libraries may use experimental features of Node. */
export function hideExperimentalWarnings(): void {
  const printers = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning') for (const printWarning of printers) printWarning(warning);
  });
}

interface FileCounts {
  readonly written: number;
  readonly removed: number;
  readonly unchanged: number;
}

export function printCounts(
  { written, removed, unchanged }: FileCounts,
  problems: readonly Problem[],
  dryRun: boolean,
): void {
  const [write, remove] = dryRun ? ['would write', 'remove'] : ['wrote', 'removed'];
  printNote(
    `${write} ${plural(written, 'file')}, ${remove} ${String(removed)}, ${String(unchanged)} unchanged (${problemCounts(problems)})`,
  );
}

export function printStale(folder: string): void {
  printNote(`${folder}/ is stale: run dozlab synth and commit the result`);
}

export function printFresh(folder: string, files: number): void {
  printNote(`${folder}/ is fresh: ${plural(files, 'file')}`);
}

export function printChanges(
  folder: string,
  { created, changed, removed }: Pick<OutputPlan, 'created' | 'changed' | 'removed'>,
): void {
  for (const { path } of created) print(`new      ${folder}/${path}`);
  for (const { path } of changed) print(`changed  ${folder}/${path}`);
  for (const path of removed) print(`removed  ${folder}/${path}`);
}
