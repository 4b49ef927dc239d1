import { CHART } from '../view/functions';
import { ROOT, goText, type Expression } from '../view/expression';
import type { Operation } from './ir';

export interface HelmPrinting {
  readonly chart: string;
  readonly definitions: Map<string, string>;
}

export function printHelm(operations: readonly Operation[], printing: HelmPrinting, root = ''): string {
  return operations.map((operation) => printOne(operation, printing, root)).join('');
}

/** @param root `$` in a loop, otherwise empty */
export const operand = ({ go }: Expression, { chart }: HelmPrinting, root: string): string =>
  go.replaceAll(ROOT, root).replaceAll(CHART, chart);

export const condition = (expression: Expression, printing: HelmPrinting, root: string): string =>
  withoutParentheses(operand(expression, printing, root));

function printOne(operation: Operation, printing: HelmPrinting, root: string): string {
  switch (operation.kind) {
    case 'text':
      return operation.text.replaceAll('{{', '{{ "{{" }}');
    case 'hole':
      return `{{ ${printed(operation.expression, operand(operation.expression, printing, root))} }}`;
    case 'flow':
      return `{{ toJson ${operand(operation.expression, printing, root)} }}`;
    case 'if':
      return printIf(operation, printing, root);
    case 'each':
      return `\n${operation.indent}{{- range ${operation.variable.go} := ${condition(operation.list, printing, root)} }}${printHelm(operation.body, printing, '$')}\n${operation.indent}{{- end }}`;
    case 'list':
      return `{{- $any := false }}${printHelm(operation.body, printing, root)}{{- if not $any }} []{{ end }}`;
    case 'document': // a template has one document
      return '';
    case 'item':
      return '{{- $any = true }}';
    case 'entries':
      return printEntries(operation, printing, root);
    case 'named':
      return printNamed(operation, printing, root);
  }
}

function printIf(
  { condition: test, then, otherwise, indent }: Operation & { kind: 'if' },
  printing: HelmPrinting,
  root: string,
): string {
  const head = condition(test, printing, root);
  const body = printHelm(then, printing, root);
  if (otherwise !== undefined)
    return `{{ if ${head} }}${body}\n${indent}{{- else }}${printHelm(otherwise, printing, root)}{{ end }}`;
  return `\n${indent}{{- if ${head} }}${body}\n${indent}{{- end }}`;
}

function printEntries(
  { map, asText, except, later, indent }: Operation & { kind: 'entries' },
  printing: HelmPrinting,
  root: string,
): string {
  const keyOf = (key: string | Expression, at: string): string =>
    typeof key === 'string' ? goText(key) : operand(key, printing, at);
  const keys = except.flatMap(({ key, condition: test }) => (test === undefined ? [keyOf(key, root)] : []));
  const source = operand(map, printing, root);
  const line = `${indent}{{ quote $key }}: {{ ${asText ? 'ternary $value (toJson $value) (kindIs "string" $value) | quote' : 'ternary (quote $value) (toJson $value) (kindIs "string" $value)'} }}`;
  const hidden = [
    ...except.flatMap(({ key, condition: test }) =>
      test === undefined ? [] : [`(and (eq $key ${keyOf(key, '$')}) ${operand(test, printing, '$')})`],
    ),
    ...later.map((each) => `(hasKey ${operand(each, printing, '$')} $key)`),
  ];
  const shown =
    hidden.length === 0
      ? line
      : `${indent}{{- if not ${hidden.length === 1 ? (hidden[0] ?? '') : `(or ${hidden.join(' ')})`} }}\n${line}\n${indent}{{- end }}`;
  return `\n${indent}{{- range $key, $value := ${keys.length === 0 ? withoutParentheses(source) : `omit ${source} ${keys.join(' ')}`} }}\n${shown}\n${indent}{{- end }}`;
}

function printNamed(
  { name, definition, body, indent }: Operation & { kind: 'named' },
  printing: HelmPrinting,
  root: string,
): string {
  // A named template gets the root, not the variables of a loop around it.
  if (root !== '') return printHelm(body, printing, root);
  const text = printHelm(definition, printing, '').replace(/^\n/, '');
  const other = printing.definitions.get(name);
  if (other !== undefined && other !== text)
    throw new Error(`two different parts have the name ${name}. Fix: give one of them another name`);
  printing.definitions.set(name, text);
  // A condition at the start leaves its line empty, and nindent would fill the line with spaces.
  const trimmed = text.startsWith('{{-') ? ' | trim' : '';
  return `\n${indent}{{- include "${printing.chart}.${name}" .${trimmed} | nindent ${String(indent.length)} }}`;
}

/** Go prints large numbers with an exponent, toJson does not. */
function printed({ type }: Expression, go: string): string {
  if (type === 'text') return `${withoutParentheses(go)} | quote`;
  if (type === 'scalar') return `ternary (quote ${go}) (toJson ${go}) (kindIs "string" ${go})`;
  return `${withoutParentheses(go)} | toJson`;
}

function withoutParentheses(go: string): string {
  if (!go.startsWith('(')) return go;
  let depth = 0;
  let isText = false;
  for (let index = 0; index < go.length; index += 1) {
    const character = go[index];
    if (isText && character === '\\') index += 1;
    else if (character === '"') isText = !isText;
    else if (!isText && character === '(') depth += 1;
    else if (!isText && character === ')') depth -= 1;
    if (depth === 0) return index === go.length - 1 ? go.slice(1, -1) : go;
  }
  return go;
}
