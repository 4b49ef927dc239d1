import { createColors } from 'picocolors';
import { isError, type Problem } from '../core/diagnostics';
import { withoutSecrets } from '../core/redact';
import { hideProgress } from './progress-line';

/** Whoever reads us may stop reading (`dozlab schema values | head`): that is no fault of ours, and nothing more is to be said. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
}

function print(stream: NodeJS.WriteStream, text: string): void {
  hideProgress();
  stream.write(`${text}\n`);
}

/** Where a command prints: data to standard output, prose to standard error. Neither shows a secret that is known. */
export const out = (text: string): void => {
  print(process.stdout, withoutSecrets(text));
};

export const note = (text: string): void => {
  print(process.stderr, withoutSecrets(text));
};

/** Prints a secret, to whoever asked for it. */
export const reveal = (secret: string): void => {
  print(process.stdout, secret);
};

/** Colours are for a terminal alone, as with kubectl and helm: what a pipe gets does not vary with CI or FORCE_COLOR. */
const colorsOf = (stream: { isTTY?: boolean }) =>
  createColors(stream.isTTY === true && process.env['NO_COLOR'] === undefined && process.env['TERM'] !== 'dumb');

/** `1 file`, `2 files`. */
export const count = (number: number, noun: string): string => `${String(number)} ${noun}${number === 1 ? '' : 's'}`;

/** Problems as people read them: a line each, `file:line:column severity path message [code]`. */
export function problemLines(problems: readonly Problem[], stream: NodeJS.WriteStream): string[] {
  const colors = colorsOf(stream);
  const severities = { error: colors.red('error'), warning: colors.yellow('warning'), info: colors.cyan('info') };
  return problems.map(({ severity, file, line, column, path, message, code }) => {
    const place = `${file.replace(/[\x00-\x1f\x7f-\x9f]/g, '�')}:${String(line)}:${String(column)}`;
    return `${colors.bold(place)} ${severities[severity]} ${path === '' ? '' : `${path} `}${message} ${colors.dim(`[${code}]`)}`;
  });
}

/** `2 errors, 1 warning`. */
export const summary = (problems: readonly Problem[]): string =>
  [
    count(problems.filter(isError).length, 'error'),
    count(problems.filter(({ severity }) => severity === 'warning').length, 'warning'),
  ].join(', ');
