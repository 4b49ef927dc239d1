import type { Expression } from '../view/expression';
import type { PureFunction } from '../view/functions';
import type { Operation } from './operations';
import { flow, scalar } from '../yaml/scalar';

/** Text for known values. */
export type Printer<V> = (values: V) => string;

/**
 * What prints values, and all others that differ from them in nothing but the parts that vary. What it prints of the rest is made once.
 * @param namespace where the program writes one
 */
export type Template<V> = (values: V, namespace: string) => Printer<V>;

/** Counts how often the text of each call is needed, to compute once what is needed often. */
export type Calls = Map<string, number>;

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

/** Marks a call in the program, so that it can be replaced by a variable. */
export const CALL = /\uE002([^\uE003]*)\uE003/g;

/** Prints operations as statements that add to the text `o`. */
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
