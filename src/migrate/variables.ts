import { isPair, isScalar, parseDocument, visit, type Document, type Node, type Scalar } from 'yaml';
import type { Fault } from '../source/yaml';
import { PASSWORD, type Variables } from './env-file';

/**
 * The variables of a template, such as `${VM_CPU:-1}`. Before the text is read as YAML each is replaced by a mark of its length, which can
 * stand wherever a word can; in what was read the marks become values, so that no value ever becomes YAML.
 */

const VARIABLE = /\$\{[A-Za-z_][A-Za-z0-9_]*[^{}\n]*\}/g;
const PARTS = /^\$\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?)([-=])(.*))?\}$/;

/** Characters for private use: the first says which variable, the rest fills up. */
const FIRST = 0xe000;
const MOST = 0x400;
const FILLER = '\uf8ff';
const MARK = /([\ue000-\ue3ff])\uf8ff*/g;
const HAS_MARK = /[\ue000-\ue3ff]/;

/** What the variables of requirement 000 are when neither the template nor anybody says it. */
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

/** Keys below which text is not looked at: programs have variables of their own, and notes and secrets are not read. */
const UNREAD = ['command', 'args', 'annotations', 'data', 'stringData', 'password'];

/** A text whose variables are marked. */
export class Template {
  readonly text: string;
  /** Names of the variables that were asked for. */
  readonly asked = new Set<string>();
  private readonly sources: string[] = [];
  private readonly missed = new Set<string>();

  /** @throws RangeError when the text cannot be marked */
  constructor(
    text: string,
    private readonly variables: Variables,
  ) {
    if (/[\ue000-\ue3ff\uf8ff]/.test(text)) throw new RangeError('holds characters for private use (U+E000 …)');
    const indexes = new Map<string, number>();
    this.text = text.replace(VARIABLE, (source) => {
      const index = indexes.get(source) ?? this.sources.length;
      if (index === this.sources.length) this.sources.push(source);
      indexes.set(source, index);
      if (index >= MOST) throw new RangeError(`has more than ${String(MOST)} different variables`);
      return String.fromCharCode(FIRST + index) + FILLER.repeat(source.length - 1);
    });
  }

  /** Puts values in place of the marks of a document, and says which are missing. */
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
    ? 'has a variable in a form that is not known; accepted: ${NAME} and ${NAME:-default}'
    : `needs the variable ${name}; accepted: a line ${name}=… in the file of --env-file`;
}

/** What an unquoted text is in YAML: a number or a truth value where it looks like one, and nothing but a scalar. */
function plain(text: string): unknown {
  const { contents, errors } = parseDocument(text, { logLevel: 'silent' });
  const value = errors.length === 0 && isScalar(contents as Node | null) ? (contents as Scalar).value : text;
  // 007 is no number that says what it is.
  return typeof value === 'number' && String(value) !== text ? text : value;
}
