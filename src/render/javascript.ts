import type { Expression } from '../view/expression';
import type { PureFunction } from '../view/function';
import type { Operation } from './operation';
import { flow, scalar } from './scalar';

/** Text for known values. */
export type Printer<V> = (values: V) => string;

/**
 * What prints values, and all others that differ from them in nothing but the parts that vary. What it prints of the rest is made once.
 * @param namespace where the program writes one
 */
export type Template<V> = (values: V, namespace: string) => Printer<V>;

/** Counts how often the text of each call is needed, to compute once what is needed often. */
type Calls = Map<string, number>;

/**
 * A program before it is given the functions that it calls (`f`), those that write a scalar (`q`) and a list or map (`j`), and one that makes
 * a text one piece (`t`).
 */
export type Program<V> = (
  f: Record<string, unknown>,
  q: (value: string | number | boolean | null) => string,
  j: (value: unknown) => string,
  t: (text: string) => string,
) => Template<V>;

/**
 * Prints operations as the body of a `Program`.
 * It is made of our own constructs alone: no text of a user becomes part of it, only of what it prints.
 * @param varying names of the parts that vary
 */
export function programText(operations: readonly Operation[], varying: readonly string[]): string {
  const stages = new Stages(varying);
  const { early, late } = stages.printed(operations);
  const often = Array.from(stages.calls).filter(([, count]) => count > 1);
  const names = new Map(often.map(([call], index) => [call, `h${String(index)}`]));
  const withNames = (text: string): string =>
    text.replace(CALL, (_, call: string) => {
      const name = names.get(call);
      return name === undefined ? call : `(${name}??=${call})`;
    });
  const declared = (isLate: boolean): string[] =>
    Array.from(names).flatMap(([call, name]) => (stages.isLate(call) === isLate ? [name] : []));
  const first = `let ${['o', ...stages.names, ...declared(false)].join(',')};${withNames(early)}`;
  const then = `let ${['o=""', ...declared(true)].join(',')};${withNames(late)}return o;`;
  return `return (v,n)=>{${first}return v=>{${then}}}`;
}

/** Makes a function of the body of a program. */
export const compile = <V>(text: string, functions: readonly PureFunction[]): Template<V> =>
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- that is what compiling means
  link(new Function('f', 'q', 'j', 't', text) as Program<V>, functions);

/** Gives a program the functions that it calls. */
export const link = <V>(program: Program<V>, functions: readonly PureFunction[]): Template<V> =>
  program(library(functions), scalar, flow, inOnePiece);

/** A text that was put together of many, as one: JavaScript would put it together again for each text that it becomes a part of. */
function inOnePiece(text: string): string {
  text.charCodeAt(0);
  return text;
}

const library = (functions: readonly PureFunction[]): Record<string, unknown> => ({
  ...Object.fromEntries(functions.map(({ name, compute }) => [name, compute])),
  hasEntries: (map: object) => Object.keys(map).length > 0,
});

/** Statements of a program: those that make what does not vary, and those that print. */
interface Staged {
  readonly early: string;
  readonly late: string;
}

/** Prints operations in two stages. */
class Stages {
  readonly calls: Calls = new Map();
  /** Variables of the first stage. */
  readonly names: string[] = [];
  /** Finds what reads a part that varies, or all parts. */
  private readonly varying: RegExp;

  constructor(varying: readonly string[]) {
    this.varying = new RegExp(`\\bv\\b(?!\\.(?!(?:${varying.join('|')})\\b)[A-Za-z_])`);
  }

  isLate(js: string): boolean {
    return this.varying.test(js);
  }

  printed(operations: readonly Operation[]): Staged {
    const early: string[] = [];
    const late: string[] = [];
    let run: Operation[] = [];
    const endRun = (): void => {
      if (run.every(({ kind }) => kind === 'text')) late.push(printJavaScript(run, this.calls));
      else {
        const name = this.variable();
        early.push(`o="";${printJavaScript(run, this.calls)}${name}=t(o);`);
        late.push(`o+=${name};`);
      }
      run = [];
    };
    for (const operation of operations.flatMap(inlined)) {
      if (!this.isLateOperation(operation)) {
        run.push(operation);
        continue;
      }
      endRun();
      if (operation.kind !== 'if' || this.isLate(operation.condition.js)) {
        late.push(printJavaScript([operation], this.calls));
        continue;
      }
      const name = this.variable();
      const then = this.printed(operation.then);
      const otherwise = this.printed(operation.otherwise ?? []);
      early.push(`if(${name}=${operation.condition.js}){${then.early}}else{${otherwise.early}}`);
      late.push(`if(${name}){${then.late}}else{${otherwise.late}}`);
    }
    endRun();
    return { early: early.join(''), late: late.join('') };
  }

  private variable(): string {
    const name = `s${String(this.names.length)}`;
    this.names.push(name);
    return name;
  }

  /** Whether what an operation prints depends on what varies, or on what was printed before it. */
  private isLateOperation(operation: Operation): boolean {
    const isLate = ({ js }: Expression): boolean => this.isLate(js);
    const isAnyLate = (operations: readonly Operation[]): boolean =>
      operations.some((each) => this.isLateOperation(each));
    switch (operation.kind) {
      case 'text':
      case 'item':
        return false;
      case 'parting':
        return true;
      case 'hole':
      case 'flow':
        return isLate(operation.expression);
      case 'if':
        return isLate(operation.condition) || isAnyLate(operation.then) || isAnyLate(operation.otherwise ?? []);
      case 'each':
        return isLate(operation.list) || isAnyLate(operation.body);
      case 'list':
      case 'named':
        return isAnyLate(operation.body);
      case 'entries':
        return [
          operation.map,
          ...operation.later,
          ...operation.except.flatMap(({ key, condition }) => [
            ...(typeof key === 'string' ? [] : [key]),
            ...(condition === undefined ? [] : [condition]),
          ]),
        ].some(isLate);
    }
  }
}

const inlined = (operation: Operation): readonly Operation[] =>
  operation.kind === 'named' ? operation.body.flatMap(inlined) : [operation];

/** Marks a call in the program, so that it can be replaced by a variable. */
const CALL = /\uE002([^\uE003]*)\uE003/g;

function printJavaScript(operations: readonly Operation[], calls: Calls, loop = false): string {
  const statements: string[] = [];
  let parts: string[] = [];
  let text = '';
  const endText = (): void => {
    if (text !== '') parts.push(JSON.stringify(text));
    text = '';
  };
  const endParts = (): void => {
    endText();
    if (parts.length > 0) statements.push(`o+=${parts.join('+')};`);
    parts = [];
  };
  for (const operation of operations) {
    if (operation.kind === 'text') text += operation.text;
    else if (operation.kind === 'hole' || operation.kind === 'flow') {
      endText();
      parts.push(printed(operation.expression, operation.kind, calls, loop));
    } else {
      endParts();
      statements.push(printStatement(operation, calls, loop));
    }
  }
  endParts();
  return statements.join('');
}

function printed({ type, js }: Expression, kind: 'hole' | 'flow', calls: Calls, loop: boolean): string {
  const call = kind === 'flow' ? `j(${js})` : type === 'text' || type === 'scalar' ? `q(${js})` : js;
  if (loop || call === js) return call;
  calls.set(call, (calls.get(call) ?? 0) + 1);
  return `\uE002${call}\uE003`;
}

function printStatement(
  operation: Exclude<Operation, { kind: 'text' | 'hole' | 'flow' }>,
  calls: Calls,
  loop: boolean,
): string {
  switch (operation.kind) {
    case 'if': {
      const otherwise =
        operation.otherwise === undefined ? '' : `else{${printJavaScript(operation.otherwise, calls, loop)}}`;
      return `if(${operation.condition.js}){${printJavaScript(operation.then, calls, loop)}}${otherwise}`;
    }
    case 'each':
      return `for(const ${operation.variable.js} of ${operation.list.js}){${printJavaScript(operation.body, calls, true)}}`;
    case 'list':
      return `{const s=o.length;${printJavaScript(operation.body, calls, loop)}if(o.length===s)o+=" []";}`;
    case 'item':
      return '';
    case 'parting':
      return `if(o!=="")o+="---\\n";`;
    case 'entries':
      return printEntries(operation);
    case 'named':
      return printJavaScript(operation.body, calls, loop);
  }
}

function printEntries({ map, asText, except, later, indent }: Operation & { kind: 'entries' }): string {
  const hidden = [
    ...except.map(
      ({ key, condition }) =>
        `(k===${typeof key === 'string' ? JSON.stringify(key) : key.js}${condition === undefined ? '' : `&&${condition.js}`})`,
    ),
    ...later.map(({ js }) => `Object.hasOwn(${js},k)`),
  ];
  const guard = hidden.length === 0 ? '' : `if(!(${hidden.join('||')}))`;
  const value = asText ? 'q(String(m[k]))' : '(typeof m[k]==="string"?q(m[k]):j(m[k]))';
  return `{const m=${map.js};for(const k of Object.keys(m).sort())${guard}o+=${JSON.stringify(`\n${indent}`)}+q(k)+": "+${value};}`;
}
