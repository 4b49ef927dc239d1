import { stringify } from 'yaml';
import type { z } from 'zod';
import { expectChartSchema } from '../schema/chart-schema';
import { complete } from '../schema/defaults';
import { valuesJsonSchema } from '../schema/json-schema';
import { isMapping } from '../schema/tree';
import type { PureFunction } from '../view/functions';
import { concreteView } from '../view/view';
import type { Manifest } from '../yaml/document';
import { helmTemplates } from './helm-templates';
import type { Operation } from './ir';
import { compile, type CompiledChart, type CompiledTemplate, linkProgram, type Printer } from './javascript';
import type { OutputFile } from './archive';
import { type Constructs, concreteManifests, symbolicResources } from './resources';
import { faultLine, faultsOf, type Rules, ruleTemplates } from './rules';
import { specialize } from './specialize';
import { valuesFile } from './values-file';

export interface ChartProps<S extends z.ZodType> {
  readonly name: string;

  readonly schema: S;

  readonly constructs: Constructs<z.output<S>>;

  /**
   * Rules over several values, by name. Helm fails with all faults at once, and so does `values`.
   * @default - none
   */
  readonly rules?: Rules<z.output<S>>;

  /**
   * Top-level keys in which many releases differ. A `printer` prints all other values once.
   * @default - none
   */
  readonly varying?: readonly string[];

  /**
   * Programs that were compiled ahead of time.
   * @default - compiled from the constructs at the first use
   */
  readonly compiled?: CompiledChart;
}

/** Chart.yaml without the name (Helm, "The Chart.yaml File"). */
export interface ChartMetadata {
  readonly version: string;
  readonly description: string;
  readonly appVersion?: string;
  readonly kubeVersion?: string;
  readonly home?: string;
  readonly icon?: string;
  readonly sources?: readonly string[];
  readonly keywords?: readonly string[];
  readonly maintainers?: readonly { readonly name: string; readonly url?: string; readonly email?: string }[];
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ChartProgram {
  readonly text: string;
  readonly functions: readonly PureFunction[];
}

/** A chart. Methods throw an Error with the path of the construct when the chart cannot be printed. */
export interface ChartDefinition<V> {
  readonly name: string;

  /** @throws ZodError when the values do not match the schema, TypeError when a null removes a default, Error with the faults of rules */
  values(given: unknown): V;

  objects(values: V, namespace?: string): Manifest[];

  /** About 100 times as fast as constructs. */
  text(values: V, namespace?: string): string;

  /** Takes values that differ only in the keys `varying`. */
  readonly printer: (values: V, namespace?: string) => Printer<V>;

  program(isNamespaced: boolean): ChartProgram;

  templates(): OutputFile[];

  files(metadata: ChartMetadata): OutputFile[];
}

/**
 * Defines a chart by a schema and by constructs, which run at the first use.
 * @throws TypeError with the path of a value that Helm treats differently
 */
export function defineChart<S extends z.ZodType>(props: ChartProps<S>): ChartDefinition<z.output<S>> {
  type Values = z.output<S>;
  const { name, schema, constructs } = props;
  expectChartSchema(schema);
  const plain = once(() => compiledTemplate(props, false));
  const namespaced = once(() => compiledTemplate(props, true));
  const printer = (values: Values, namespace = ''): Printer<Values> =>
    (namespace === '' ? plain() : namespaced())(values, namespace);
  const templates = (): OutputFile[] => {
    const typed = schema as z.ZodType<Values>;
    const { files, functions } = ruleTemplates(name, typed, props.rules ?? {});
    return [...helmTemplates(name, symbolicResources<Values>(name, typed, constructs, false), functions), ...files];
  };
  return {
    name,
    values: (given) => valid(props.rules, schema.parse(isMapping(given) ? complete(schema, given) : given)),
    objects: (values, namespace) => concreteManifests(name, constructs, concreteView(values), namespace),
    printer,
    text: (values, namespace) => printer(values, namespace)(values),
    program: (isNamespaced) => chartProgram(props, isNamespaced),
    templates,
    files: (metadata) => [
      {
        path: 'Chart.yaml',
        content: stringify({ apiVersion: 'v2', name, type: 'application', ...metadata }, { lineWidth: 0 }),
      },
      {
        path: 'values.yaml',
        content: valuesFile(schema, `Values of ${name}. What is required and what has no default stands as a comment.`),
      },
      {
        path: 'values.schema.json',
        content: `${JSON.stringify(valuesJsonSchema(schema, `Values of ${name}`), null, 2)}\n`,
      },
      ...templates(),
    ],
  };
}

function valid<V>(rules: Rules<V> = {}, values: V): V {
  const lines = faultsOf(rules, values).map(faultLine);
  if (lines.length > 0) throw new Error(`the values are not valid:\n${lines.join('\n')}`);
  return values;
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function compiledTemplate<S extends z.ZodType>(
  props: ChartProps<S>,
  isNamespaced: boolean,
): CompiledTemplate<z.output<S>> {
  const { compiled } = props;
  if (compiled !== undefined) return linkProgram(isNamespaced ? compiled.namespaced : compiled.plain);
  const { text, functions } = chartProgram(props, isNamespaced);
  return compile<z.output<S>>(text, functions);
}

function chartProgram<S extends z.ZodType>(props: ChartProps<S>, isNamespaced: boolean): ChartProgram {
  const { name, schema, constructs, varying = [] } = props;
  const { resources, functions } = symbolicResources(name, schema as z.ZodType<z.output<S>>, constructs, isNamespaced);
  const documents = resources.flatMap(({ operations, conditions }) => {
    const document: Operation[] = [{ kind: 'document' }, ...fromLineStart(operations), { kind: 'text', text: '\n' }];
    return conditions.reduceRight<Operation[]>(
      (then, test) => [{ kind: 'if', condition: test, then, indent: '' }],
      document,
    );
  });
  return { text: specialize(documents, varying), functions };
}

function fromLineStart([first, ...more]: readonly Operation[]): Operation[] {
  if (first?.kind !== 'text' || !first.text.startsWith('\n'))
    throw new Error('a manifest must begin with a constant apiVersion');
  return [{ kind: 'text', text: first.text.slice(1) }, ...more];
}
