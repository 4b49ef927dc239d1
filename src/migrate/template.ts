import { placeAt, type Diagnostics } from '../core/diagnostics';
import { maskSecret } from '../core/redact';
import type { Fault } from '../source/yaml';
import { isPair, isScalar, parseDocument, type Document, type Node, type Scalar, visit } from 'yaml';

export type Variables = ReadonlyMap<string, { readonly value: string; readonly line: number }>;

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s;

/** The value of this variable is never used. */
export const PASSWORD = 'VSCODE_PASSWORD';

/** Reads lines of NAME=value, with or without quotes and `export`. Problems do not show the lines. */
export function readEnvFile(path: string, text: string, diagnostics: Diagnostics): Variables {
  const variables = new Map<string, { value: string; line: number }>();
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  lines.forEach((content, index) => {
    if (/^\s*(#|$)/.test(content)) return;
    const [, name, given = ''] = ASSIGNMENT.exec(content) ?? [];
    const refuse = (message: string): void => {
      diagnostics.error(placeAt(path, { line: index + 1, column: 1 }), [], 'wrong-value', message);
    };
    if (name === undefined) return refuse('is not an assignment; accepted: NAME=value, on one line');
    const value = unquoted(given.trim());
    if (value === undefined) return refuse(`sets ${name} to text without its closing quote; accepted: NAME="value"`);
    if (name !== PASSWORD && /\$\(|`|\$\{|\$[A-Za-z_]/.test(given) && !given.trim().startsWith("'"))
      return refuse(`sets ${name} with a command or another variable, which is not evaluated. Fix: write the value`);
    if (name === PASSWORD && value.length > 7) maskSecret(value);
    variables.set(name, { value, line: index + 1 });
  });
  return variables;
}

function unquoted(given: string): string | undefined {
  const single = /^'([^']*)'\s*(#.*)?$/.exec(given);
  if (single !== null) return single[1];
  const double = /^"((?:[^"\\]|\\.)*)"\s*(#.*)?$/.exec(given);
  if (double !== null) return (double[1] ?? '').replace(/\\(["\\$`])/g, '$1');
  return /^["']/.test(given) ? undefined : given.replace(/\s+#.*$/, '');
}

/**
 * A mark of the same length replaces each variable before the YAML parser runs.
 * So no value is parsed as YAML, and positions stay right.
 */

const VARIABLE = /\$\{[A-Za-z_][A-Za-z0-9_]*[^{}\n]*\}/g;
const PARTS = /^\$\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?)([-=])(.*))?\}$/;

/** Private-use characters: the first identifies the variable, the others fill the length. */
const FIRST = 0xe000;
const MOST = 0x400;
const FILLER = '\uf8ff';
const MARK = /([\ue000-\ue3ff])\uf8ff*/g;
const HAS_MARK = /[\ue000-\ue3ff]/;

const DEFAULTS: Readonly<Record<string, string>> = {
  DISK_SIZE: '4G',
  VM_CPU: '1',
  VM_MEMORY: '1024',
  TERMINAL_IMAGE: 'dozman99/dozlab-terminal:latest',
  VM_MEMORY_LIMIT: '2Gi',
  VM_CPU_LIMIT: '1500m',
  VM_MEMORY_REQUEST: '1Gi',
  VM_CPU_REQUEST: '500m',
  KERNEL_SIZE_LIMIT: '2Gi',
  VM_DATA_SIZE_LIMIT: '5Gi',
  VSCODE_DATA_SIZE_LIMIT: '1Gi',
};

/** Variables may be missing here: programs use them, or the migration drops the text. */
const UNREAD = ['command', 'args', 'annotations', 'data', 'stringData', 'password'];

export class Template {
  readonly text: string;
  readonly asked = new Set<string>();
  private readonly sources: string[] = [];
  private readonly missed = new Set<string>();

  /** @throws RangeError when the text has private-use characters or too many variables */
  constructor(
    text: string,
    private readonly variables: Variables,
  ) {
    if (/[\ue000-\ue3ff\uf8ff]/.test(text)) throw new RangeError('has private-use characters (U+E000 …)');
    const indexes = new Map<string, number>();
    this.text = text.replace(VARIABLE, (source) => {
      const index = indexes.get(source) ?? this.sources.length;
      if (index === this.sources.length) this.sources.push(source);
      indexes.set(source, index);
      if (index >= MOST) throw new RangeError(`has more than ${String(MOST)} different variables`);
      return String.fromCharCode(FIRST + index) + FILLER.repeat(source.length - 1);
    });
  }

  /** @returns missing variables */
  fillIn(document: Document): Fault[] {
    const faults: Fault[] = [];
    if (this.sources.length === 0) return faults;
    visit(document, {
      Scalar: (_, scalar, parents) => {
        if (typeof scalar.value !== 'string' || !HAS_MARK.test(scalar.value)) return;
        const isUnread = parents.some(
          (parent) => isPair(parent) && isScalar(parent.key) && UNREAD.includes(String(parent.key.value)),
        );
        this.fill(scalar, isUnread, faults);
      },
    });
    return faults;
  }

  private fill(scalar: Scalar, isUnread: boolean, faults: Fault[]): void {
    const text = String(scalar.value).replace(MARK, (_, first: string) => {
      const source = this.sources[first.charCodeAt(0) - FIRST] ?? '';
      const value = this.valueOf(source);
      if (value !== undefined) return value;
      if (isUnread || this.missed.has(source)) return source;
      this.missed.add(source);
      faults.push({ offset: scalar.range?.[0] ?? 0, message: missing(source) });
      return source;
    });
    scalar.value = scalar.type === 'PLAIN' ? plain(text) : text;
  }

  private valueOf(source: string): string | undefined {
    const [, name = '', colon, operator, fallback] = PARTS.exec(source) ?? [];
    if (name === '') return undefined;
    this.asked.add(name);
    if (name === PASSWORD) return '';
    const given = this.variables.get(name)?.value;
    const isGiven = given !== undefined && (given !== '' || (operator !== undefined && colon === ''));
    return isGiven ? given : operator === undefined ? DEFAULTS[name] : fallback;
  }
}

function missing(source: string): string {
  const [, name] = PARTS.exec(source) ?? [];
  return name === undefined
    ? 'has a variable in an unsupported form; accepted: ${NAME} and ${NAME:-default}'
    : `needs the variable ${name}. Fix: add a line ${name}=… to the file of --env-file`;
}

function plain(text: string): unknown {
  const { contents, errors } = parseDocument(text, { logLevel: 'silent' });
  const value = errors.length === 0 && isScalar(contents as Node | null) ? (contents as Scalar).value : text;
  // 007 stays text: as a number it would lose its zeros.
  return typeof value === 'number' && String(value) !== text ? text : value;
}
