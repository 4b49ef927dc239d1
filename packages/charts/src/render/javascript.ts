import type { Expression } from '../view/expression';
import { functionNamed, type PureFunction } from '../view/functions';
import { flow, scalar } from '../yaml/scalar';
import type { Operation } from './ir';

/** Prints complete values as YAML. */
export type Printer<V> = (values: V) => string;

/** @param namespace ignored by a program that writes none */
export type CompiledTemplate<V> = (values: V, namespace: string) => Printer<V>;

export type Calls = Map<string, number>;

/** `f` has the functions, `q` prints a scalar, `j` prints a list or map, `t` flattens a text. */
export type Program<V> = (
  f: Record<string, unknown>,
  q: (value: string | number | boolean | null) => string,
  j: (value: unknown) => string,
  t: (text: string) => string,
) => CompiledTemplate<V>;

export interface CompiledProgram {
  readonly functions: readonly string[];
  readonly program: Program<unknown>;
}

/** `plain` writes no namespace, `namespaced` does. */
export interface CompiledChart {
  readonly plain: CompiledProgram;
  readonly namespaced: CompiledProgram;
}

/**
 * Import the modules that define the functions first.
 * @throws Error when a function is missing
 */
export const linkProgram = <V>({ program, functions }: CompiledProgram): CompiledTemplate<V> =>
  link(program as Program<V>, functions.map(functionNamed));

export const compile = <V>(text: string, functions: readonly PureFunction[]): CompiledTemplate<V> =>
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- that is what compiling means
  link(new Function('f', 'q', 'j', 't', text) as Program<V>, functions);

const link = <V>(program: Program<V>, functions: readonly PureFunction[]): CompiledTemplate<V> =>
  program(library(functions), scalar, flow, flattened);

/** V8 walks the tree of a concatenation at each use. Reading a character makes it one string. */
function flattened(text: string): string {
  text.charCodeAt(0);
  return text;
}

const library = (functions: readonly PureFunction[]): Record<string, unknown> => ({
  ...Object.fromEntries(functions.map(({ name, compute }) => [name, compute])),
  hasEntries: (map: object) => Object.keys(map).length > 0,
});

export const CALL = /\uE002([^\uE003]*)\uE003/g;

export function printJavaScript(operations: readonly Operation[], calls: Calls, loop = false): string {
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
    case 'document':
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
