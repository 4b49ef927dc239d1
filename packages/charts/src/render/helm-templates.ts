import { CHART, type PureFunction } from '../view/functions';
import { hasPlaceholder } from '../view/placeholders';
import { condition, type HelmPrinting, printHelm } from './helm';
import type { OutputFile } from './archive';
import type { Resource, SymbolicResources } from './resources';

/** @param more functions that other templates call */
export function helmTemplates(
  name: string,
  { resources, functions }: SymbolicResources,
  more: readonly PureFunction[] = [],
): OutputFile[] {
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
  return [
    { path: 'templates/_helpers.tpl', content: helpers(Array.from(new Set([...functions, ...more])), printing) },
    ...templates,
  ];
}

function helpers(functions: readonly PureFunction[], { chart, definitions }: HelmPrinting): string {
  for (const { name } of functions)
    if (definitions.has(name))
      throw new Error(`a function and a part both have the name ${name}. Fix: give one of them another name`);
  const parts = Array.from(definitions, ([name, text]) => definition(chart, name, text));
  return `${[...parts, ...functionTemplates(chart, functions)].join('\n\n')}\n`;
}

const definition = (chart: string, name: string, text: string): string =>
  `{{- define "${chart}.${name}" -}}\n${text}\n{{- end }}`;

export const functionTemplates = (chart: string, functions: readonly PureFunction[]): string[] =>
  functions.map(({ name, template }) => definition(chart, name, template.replaceAll(CHART, chart)));

function fileNames(resources: readonly Pick<Resource, 'kind' | 'id' | 'path'>[]): string[] {
  const taken = new Set<string>();
  return resources.map(({ kind, id, path }) => {
    const ofKind = resources.filter((other) => word(other.kind) === word(kind));
    const hasOwnId = ofKind.filter((other) => word(other.id) === word(id)).length === 1;
    const place = ofKind.length === 1 ? [] : [word(hasOwnId ? id : path)];
    const name = [word(kind).toLowerCase(), ...place].join('-');
    let free = name;
    for (let count = 2; taken.has(free.toLowerCase()); count += 1) free = `${name}-${String(count)}`;
    taken.add(free.toLowerCase());
    return free;
  });
}

const word = (text: string): string => (hasPlaceholder(text) ? 'object' : text.replace(/[^A-Za-z0-9._-]+/g, '-'));
