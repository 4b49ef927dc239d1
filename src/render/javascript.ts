import type { Expression } from '../view/expression';
import type { PureFunction } from '../view/function';
import type { Operation } from './operation';
import { flow, scalar } from './scalar';

/** Text for known values, and a namespace where the program writes one. */
export type Printer<V> = (values: V, namespace: string) => string;

/** Counts how often the text of each call is needed, to compute once what is needed often. */
type Calls = Map<string, number>;

/** A program before it is given the functions that it calls (`f`), and those that write a scalar (`q`) and a list or map (`j`). */
export type Program<V> = (
  f: Record<string, unknown>,
  q: (value: string | number | boolean | null) => string,
  j: (value: unknown) => string,
) => Printer<V>;

/**
 * Prints operations as the body of a `Program`.
 * It is made of our own constructs alone: no text of a user becomes part of it, only of what it prints.
 */
export function programText(operations: readonly Operation[]): string {
  const calls: Calls = new Map();
  const body = printJavaScript(operations, calls);
  const often = Array.from(calls).filter(([, count]) => count > 1);
  const names = new Map(often.map(([call], index) => [call, `h${String(index)}`]));
  const program = [
    names.size > 0 ? `let ${Array.from(names.values()).join(',')};` : '',
    'let o="";',
    body.replace(CALL, (_, call: string) => {
      const name = names.get(call);
      return name === undefined ? call : `(${name}??=${call})`;
    }),
    'return o;',
  ].join('');
  return `return (v,n)=>{${program}}`;
}

/** Makes a function of the body of a program. */
export const compile = <V>(text: string, functions: readonly PureFunction[]): Printer<V> =>
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- that is what compiling means
  link(new Function('f', 'q', 'j', text) as Program<V>, functions);

/** Gives a program the functions that it calls. */
export const link = <V>(program: Program<V>, functions: readonly PureFunction[]): Printer<V> =>
  program(library(functions), scalar, flow);

const library = (functions: readonly PureFunction[]): Record<string, unknown> => ({
  ...Object.fromEntries(functions.map(({ name, compute }) => [name, compute])),
  hasEntries: (map: object) => Object.keys(map).length > 0,
});

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
