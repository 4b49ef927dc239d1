import { maskSecret } from '../core/redact';
import { problemAt, type Problem } from '../core/diagnostics';

/** The variables of an env file by name, with the lines that they stand in. */
export type Variables = ReadonlyMap<string, { readonly value: string; readonly line: number }>;

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s;

/** The variable with the password: nothing is ever made of it. */
export const PASSWORD = 'VSCODE_PASSWORD';

/** Reads an env file: lines of NAME=value, with or without quotes and `export`. Wrong lines are added to the problems, but not shown. */
export function readEnvFile(path: string, text: string, problems: Problem[]): Variables {
  const variables = new Map<string, { value: string; line: number }>();
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  lines.forEach((content, index) => {
    if (/^\s*(#|$)/.test(content)) return;
    const [, name, given = ''] = ASSIGNMENT.exec(content) ?? [];
    const refuse = (message: string): void => {
      problems.push(problemAt('error', 'wrong-value', path, { line: index + 1, column: 1 }, [], message));
    };
    if (name === undefined) return refuse('is no assignment; accepted: NAME=value, on one line');
    const value = unquoted(given.trim());
    if (value === undefined) return refuse(`sets ${name} to text whose quotes do not end; accepted: NAME="value"`);
    if (name !== PASSWORD && /\$\(|`|\$\{|\$[A-Za-z_]/.test(given) && !given.trim().startsWith("'"))
      return refuse(`sets ${name} by a command or another variable, which is not run; accepted: the value itself`);
    if (name === PASSWORD && value.length > 7) maskSecret(value);
    variables.set(name, { value, line: index + 1 });
  });
  return variables;
}

/** A value without its quotes, or without the comment behind it; undefined when the quotes do not end. */
function unquoted(given: string): string | undefined {
  const single = /^'([^']*)'\s*(#.*)?$/.exec(given);
  if (single !== null) return single[1];
  const double = /^"((?:[^"\\]|\\.)*)"\s*(#.*)?$/.exec(given);
  if (double !== null) return (double[1] ?? '').replace(/\\(["\\$`])/g, '$1');
  return /^["']/.test(given) ? undefined : given.replace(/\s+#.*$/, '');
}
