import type { z } from 'zod';
import { type Path, pathText } from '../schema/path';
import { type PureFunction, takeUsedFunctions } from '../view/functions';
import type { Check, Checks, Step } from '../view/checks';
import { asText, type Expression, goText } from '../view/expression';
import { dependsOnValues, expressionOf, symbolicView } from '../view/symbolic';
import { withPlaceholders } from '../view/placeholders';
import { concreteView, type View } from '../view/view';
import type { OutputFile } from './archive';
import { condition, type HelmPrinting, operand } from './helm';

/** Rules by name. */
export type Rules<V> = Readonly<Record<string, Checks<View<V>>>>;

/** What a rule refuses. */
export interface Fault {
  readonly rule: string;
  readonly path: Path;
  readonly message: string;
  readonly code?: string;
}

/** All faults of complete values. */
export const faultsOf = <V>(rules: Rules<V>, values: V): Fault[] =>
  Object.entries(rules).flatMap(([rule, checks]) => checks(concreteView(values)).map((check) => faultOf(rule, check)));

function faultOf(rule: string, check: Check): Fault {
  if (check.kind === 'loop') throw new TypeError(`${rule}: a loop over values that are there`);
  const { path, message, code } = check;
  return { rule, path, message, ...(code === undefined ? {} : { code }) };
}

/** One line for each fault, such as `service.ports.ssh is 8080, … (ports-differ)`. */
export const faultLine = ({ rule, path, message }: Fault): string => `${pathText(path)} ${message} (${rule})`;

export interface RuleTemplates {
  readonly files: readonly OutputFile[];
  readonly functions: readonly PureFunction[];
}

/**
 * A template that prints all faults, and one that fails with them.
 * @throws Error with the name of the rule when it cannot be printed
 */
export function ruleTemplates<V>(chart: string, schema: z.ZodType<V>, rules: Rules<V>): RuleTemplates {
  if (Object.keys(rules).length === 0) return { files: [], functions: [] };
  takeUsedFunctions();
  const printing: HelmPrinting = { chart, definitions: new Map() };
  const lines = withPlaceholders(() =>
    Object.entries(rules).map(([rule, checks]) => {
      try {
        return printChecks(rule, checks(symbolicView(schema) as View<V>), printing, '');
      } catch (error) {
        throw new Error(`the rule ${rule}: ${(error as Error).message}`, { cause: error });
      }
    }),
  );
  const files = [
    {
      path: 'templates/_rules.tpl',
      content: `{{- define "${chart}.faults" -}}${lines.join('')}\n{{- end }}\n`,
    },
    {
      path: 'templates/rules.yaml',
      content: `{{- with include "${chart}.faults" . | trim }}\n{{- fail (printf "the values of ${chart} are not valid:\\n%s" .) }}\n{{- end }}\n`,
    },
  ];
  return { files, functions: takeUsedFunctions() };
}

const printChecks = (rule: string, checks: readonly Check[], printing: HelmPrinting, root: string): string =>
  checks.map((check) => printCheck(rule, check, printing, root)).join('');

function printCheck(rule: string, check: Check, printing: HelmPrinting, root: string): string {
  if (check.kind === 'loop') {
    const { of, key, item, body } = check;
    return `\n{{- range ${key.go}, ${item.go} := ${condition(of, printing, root)} }}${printChecks(rule, body, printing, '$')}\n{{- end }}`;
  }
  const message = dependsOnValues(check.message)
    ? hole(asText(expressionOf(check.message)), printing, root)
    : literal(check.message);
  const head = condition(expressionOf(check.condition), printing, root);
  return `\n{{- if ${head} }}\n${printPath(check.path, printing, root)} ${message} (${rule})\n{{- end }}`;
}

const hole = (expression: Expression, printing: HelmPrinting, root: string): string =>
  `{{ ${condition(expression, printing, root)} }}`;

const literal = (text: string): string => text.replaceAll('{{', `{{ ${goText('{{')} }}`);

/** As `pathText` prints it. */
function printPath(path: readonly Step[], printing: HelmPrinting, root: string): string {
  return path
    .map((step, index) => {
      if (!dependsOnValues(step)) return pathText(index === 0 ? [step] : ['x', step]).slice(index === 0 ? 0 : 1);
      const expression = expressionOf(step);
      const go = operand(expression, printing, root);
      return expression.type === 'number'
        ? `[{{ ${go} }}]`
        : `{{ if regexMatch "^[A-Za-z_][A-Za-z0-9_-]*$" ${go} }}.{{ ${go} }}{{ else }}[{{ toJson ${go} }}]{{ end }}`;
    })
    .join('');
}
