import { ApiObject, App, Chart, DependencyGraph } from 'cdk8s';
import type { Construct } from 'constructs';
import { stringify } from 'yaml';
import type { z } from 'zod';
import { expectChartSchema } from '../schema/chart-schema';
import { complete } from '../schema/complete';
import { valuesJsonSchema } from '../schema/json-schema';
import { isMapping } from '../schema/tree';
import { conditionsOf } from '../view/combinators';
import { ROOT, type Expression } from '../view/expression';
import { CHART, takeUsedFunctions, type PureFunction } from '../view/functions';
import { withPlaceholders, type Placeholders } from '../view/placeholders';
import { symbolResolver } from '../view/resolver';
import { symbol, symbolicView } from '../view/symbolic';
import { concreteView, type View } from '../view/view';
import { compiledTemplate } from './precompiled';
import { decode } from './decode';
import { expectInScope, expectKnown } from './scope';
import { condition, printHelm, type HelmPrinting } from './helm';
import { compile, type Printer, type Template } from './javascript';
import { operationsOf, type Operation } from './operations';
import type { OutputFile } from './output-file';
import { programText } from './two-stage';
import { fileNames } from './file-names';
import { withoutNothing } from './null-items';
import { valuesFile } from './values-file';
import type { Manifest } from '../yaml/document';

export interface ChartProps<S extends z.ZodType> {
  /** Name of the chart. */
  readonly name: string;

  /** What can be set, with all defaults. */
  readonly schema: S;

  /**
   * The names of the parts of values in which releases differ that are otherwise alike.
   * @default none
   */
  readonly varying?: readonly string[];

  /** Makes the objects of a release from a view of its values. */
  readonly constructs: (scope: Construct, view: View<z.output<S>>) => void;
}

/** What Chart.yaml says of a chart beside its name (Helm, "The Chart.yaml File"). */
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

const chartYaml = (name: string, metadata: ChartMetadata): string =>
  stringify({ apiVersion: 'v2', name, type: 'application', ...metadata }, { lineWidth: 0 });

/** The program of a chart: the body of a `Program`, and the functions that it calls. */
export interface ChartProgram {
  readonly text: string;
  readonly functions: readonly PureFunction[];
}

/** A chart: constructs that are rendered as plain objects, as text by a compiled program, and as Helm templates. */
export interface ChartDefinition<V> {
  readonly name: string;

  /**
   * Complete values: what is given over the defaults, merged as Helm merges it, and checked.
   * @throws an Error that says what is wrong with them
   */
  values(given: unknown): V;

  /** The objects for complete values, made by the constructs themselves. */
  objects(values: V, namespace?: string): Manifest[];

  /**
   * The same objects as YAML, by a program that was compiled from the constructs: far faster than making the constructs anew.
   * @param namespace the namespace written into the objects; none is written when it is not given
   */
  text(values: V, namespace?: string): string;

  /** What gives that text for values, and for all that differ from them in nothing but the parts that vary: most of it is made once. */
  readonly printer: (values: V, namespace?: string) => Printer<V>;

  /** That program, as `src/render/compiled.ts` keeps it. */
  program(isNamespaced: boolean): ChartProgram;

  /** The Helm templates, and `_helpers.tpl`. */
  templates(): OutputFile[];

  /** A whole Helm chart: Chart.yaml, values.yaml with comments, values.schema.json and the templates. */
  files(metadata: ChartMetadata): OutputFile[];
}

/**
 * Defines a chart by a schema of its values and constructs that take a view of them. Nothing is made before it is asked for.
 * What it gives throws an Error when a value that the constructs read reaches no object, with the path of the construct.
 */
export function defineChart<S extends z.ZodType>(props: ChartProps<S>): ChartDefinition<z.output<S>> {
  const { name, constructs } = props;
  expectChartSchema(props.schema);
  const plain = once(() => templateOf(props, false));
  const namespaced = once(() => templateOf(props, true));
  const printer = (values: z.output<S>, namespace = ''): Printer<z.output<S>> =>
    (namespace === '' ? plain() : namespaced())(values, namespace);
  const templates = (): OutputFile[] => printTemplates(name, symbolicResources(props, false));
  return {
    name,
    values: (given) => props.schema.parse(isMapping(given) ? complete(props.schema, given) : given),
    objects: (values, namespace) => {
      const chart = new Chart(new App(), name, namespaceProps(namespace));
      constructs(chart, concreteView(values));
      expectOneChart(chart);
      return (chart.toJson() as Manifest[]).map(withoutNothing);
    },
    printer,
    text: (values, namespace) => printer(values, namespace)(values),
    program: (isNamespaced) => chartProgram(props, isNamespaced),
    templates,
    files: (metadata) => [
      { path: 'Chart.yaml', content: chartYaml(name, metadata) },
      {
        path: 'values.yaml',
        content: valuesFile(
          props.schema,
          `Values of ${name}. What is required and what has no default stands as a comment.`,
        ),
      },
      {
        path: 'values.schema.json',
        content: `${JSON.stringify(valuesJsonSchema(props.schema, `Values of ${name}`), null, 2)}\n`,
      },
      ...templates(),
    ],
  };
}

const namespaceProps = (namespace = ''): { namespace?: string } => (namespace === '' ? {} : { namespace });

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** One resource of a chart whose values are not known yet. */
interface Resource {
  readonly kind: string;
  readonly id: string;
  /** The ids of the construct and those around it, which no other resource has. */
  readonly path: string;
  readonly operations: readonly Operation[];
  /** On which it is there, the outermost first. */
  readonly conditions: readonly Expression[];
}

interface SymbolicResources {
  readonly resources: readonly Resource[];
  readonly functions: readonly PureFunction[];
}

const NAMESPACE: Expression = { type: 'text', js: 'n', go: `${ROOT}.Release.Namespace` };

/** Makes the constructs of a chart with symbols for its values, and for the namespace if it is to be written into the objects. */
function symbolicResources<S extends z.ZodType>(
  { name, schema, constructs }: ChartProps<S>,
  isNamespaced: boolean,
): SymbolicResources {
  takeUsedFunctions();
  const resources = withPlaceholders((placeholders) => {
    const app = new App({ resolvers: [symbolResolver] });
    const chart = new Chart(app, name, isNamespaced ? { namespace: symbol(NAMESPACE) as string } : {});
    try {
      constructs(chart, symbolicView(schema) as View<z.output<S>>);
    } catch (error) {
      const last = chart.node.findAll().at(-1)?.node.path ?? name;
      throw new Error(`${(error as Error).message} (in the chart ${name}, where ${last} was made last)`, {
        cause: error,
      });
    }
    expectOneChart(chart);
    const decoded = objectsOf(chart).map((object) => resourceOf(object, placeholders));
    placeholders.expectNoneLost();
    return decoded;
  });
  return { resources, functions: takeUsedFunctions() };
}

function resourceOf(object: ApiObject, placeholders: Placeholders): Resource {
  const { path, id } = object.node;
  const node = decode(object.toJson(), placeholders, path);
  const operations = within(path, () => operationsOf(node));
  const conditions = conditionsOf(object);
  expectInScope(operations, path);
  for (const each of conditions) expectKnown(each, path);
  return { kind: object.kind, id, path: path.split('/').slice(1).join('-'), operations, conditions };
}

/** Names the construct in what goes wrong with it. */
function within<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws Error when a chart stands in the chart: cdk8s renders it as a chart of its own */
function expectOneChart(chart: Chart): void {
  const [inner] = chart.node.findAll().filter((node) => node !== chart && Chart.isChart(node));
  if (inner !== undefined)
    throw new Error(`${inner.node.path} is a Chart in a Chart, which cdk8s renders on its own: make it a Construct`);
}

function templateOf<S extends z.ZodType>(props: ChartProps<S>, isNamespaced: boolean): Template<z.output<S>> {
  const compiled = compiledTemplate<z.output<S>>(props.name, isNamespaced);
  if (compiled !== undefined) return compiled;
  const { text, functions } = chartProgram(props, isNamespaced);
  return compile<z.output<S>>(text, functions);
}

function chartProgram<S extends z.ZodType>(props: ChartProps<S>, isNamespaced: boolean): ChartProgram {
  const { varying = [] } = props;
  const { resources, functions } = symbolicResources(props, isNamespaced);
  const documents = resources.flatMap(({ operations, conditions }) => {
    const document: Operation[] = [{ kind: 'parting' }, ...fromLineStart(operations), { kind: 'text', text: '\n' }];
    return conditions.reduceRight<Operation[]>(
      (then, test) => [{ kind: 'if', condition: test, then, indent: '' }],
      document,
    );
  });
  return { text: programText(documents, varying), functions };
}

/** The operations of a manifest without the line break that they begin with. */
function fromLineStart([first, ...more]: readonly Operation[]): Operation[] {
  if (first?.kind !== 'text' || !first.text.startsWith('\n'))
    throw new Error('a manifest begins with its apiVersion, which is known');
  return [{ kind: 'text', text: first.text.slice(1) }, ...more];
}

function printTemplates(name: string, { resources, functions }: SymbolicResources): OutputFile[] {
  const printing: HelmPrinting = { chart: name, definitions: new Map() };
  const names = fileNames(resources);
  const templates = resources.map(({ operations, conditions }, index) => {
    const body = printHelm(operations, printing).replace(/^\n/, '');
    const text = conditions.reduceRight(
      (inner, test) => `{{- if ${condition(test, printing, '')} }}\n${inner}\n{{- end }}`,
      body,
    );
    return { path: `templates/${names[index] ?? ''}.yaml`, content: `${text}\n` };
  });
  return [{ path: 'templates/_helpers.tpl', content: helpers(functions, printing) }, ...templates];
}

const objectsOf = (chart: Chart): ApiObject[] =>
  new DependencyGraph(chart.node).topology().filter((node): node is ApiObject => ApiObject.isApiObject(node));

function helpers(functions: readonly PureFunction[], printing: HelmPrinting): string {
  for (const { name } of functions)
    if (printing.definitions.has(name))
      throw new Error(`a function and a named part are both named ${name}: give one of them another name`);
  const parts = Array.from(printing.definitions, ([name, text]) => definition(printing.chart, name, text));
  return `${[...parts, ...functionTemplates(printing.chart, functions)].join('\n\n')}\n`;
}

const definition = (chart: string, name: string, text: string): string =>
  `{{- define "${chart}.${name}" -}}\n${text}\n{{- end }}`;

/** The named templates of functions. */
export const functionTemplates = (chart: string, functions: readonly PureFunction[]): string[] =>
  functions.map(({ name, template }) => definition(chart, name, template.replaceAll(CHART, chart)));
