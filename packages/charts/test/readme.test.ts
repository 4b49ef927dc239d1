import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { parseAllDocuments } from 'yaml';
import type { z } from 'zod';
import * as charts from '../src';
import { errorsByLine, programOf } from './support/compile';
import { ModuleFolder } from './support/modules';
import { CODE_BLOCKS, SECTIONS, signaturesOf } from './support/readme';

const blocksOf = (language: string, ...headings: string[]): string[] =>
  CODE_BLOCKS.filter((block) => block.language === language && headings.includes(block.heading)).map(
    ({ code }) => code,
  );

/** Exports that are no combinators and no functions of values. */
const OTHER_EXPORTS = [
  ...['concreteView', 'defineChart', 'gzipped', 'linkProgram', 'packageChart', 'tarOf'],
  ...['checkEach', 'checkEntries', 'faultLine', 'faultsOf', 'refuse'],
];

const COMBINATORS = [
  ...Object.keys(charts).filter((name) => !OTHER_EXPORTS.includes(name)),
  'when.item',
  'when.entries',
];

/** Examples of these have no template of their own. */
const WITHOUT_EXAMPLE = ['includeTemplate', 'functionTemplates'];

const [web = '', print = '', write = ''] = blocksOf('ts', 'Example');
const [schema = ''] = blocksOf('ts', 'Combinators');
const [rules = ''] = blocksOf('ts', 'Rules');
const [other = ''] = blocksOf('ts', 'Other doors');
const examples = new Map(
  CODE_BLOCKS.flatMap(({ heading, language, code }) =>
    language === 'ts' && COMBINATORS.includes(heading) ? [[heading, code] as const] : [],
  ),
);

/** An example of a combinator as a module: its last constant becomes a part of an object. */
const exampleModule = (code: string): string => {
  const name = Array.from(code.matchAll(/^const (\w+)/gm)).at(-1)?.[1];
  return `import { ${Object.keys(charts).join(', ')} } from '@dozlab/charts';
import type { View } from '@dozlab/charts';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { z } from 'zod';
import type { schema } from './schema';
export const build = (scope: Construct, view: View<z.output<typeof schema>>): object | undefined => {
${code}
return ${name === undefined ? 'undefined' : `{ ${name} }`};
};
`;
};

const signatureModule = SECTIONS.filter(({ heading }) => COMBINATORS.includes(heading))
  .flatMap((section, index) => {
    const local = `documented${String(index)}`;
    const declared = signaturesOf(section).map(
      (code) => `export declare function ${local}${code.slice(section.heading.length)};`,
    );
    const isWhole = section.heading === 'when'; // it has members too
    return [
      ...declared,
      `export const is${local}: typeof ${local} = charts.${section.heading};`,
      ...(isWhole ? [] : [`export const of${local}: typeof charts.${section.heading} = ${local};`]),
    ];
  })
  .join('\n');

const path = (name: string): string => join(__dirname, `${name}.ts`);
const modules = new Map([
  ['web', web],
  ['print', print],
  ['write', write],
  ['schema', `${schema}\nexport { schema };\n`],
  ['rules', rules],
  ['other', other],
  ...Array.from(examples, ([name, code]) => [name, exampleModule(code)] as const),
]);
const SIGNATURES = `import * as charts from '@dozlab/charts';
import type { Bool, Choice, Leaf, List, MapFunction, NumberFunction, OpenMap, Optional, PureFunction, Scalar, TextFunction, TruthFunction } from '@dozlab/charts';
import type { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
${signatureModule}
`;

/** A part of an object: of a container when it has resources. */
interface Part {
  readonly resources?: k8s.ResourceRequirements;
}

/** Values of the examples: few, and one of everything. */
const GIVEN = [
  { name: 'shop' },
  {
    name: 'shop',
    debug: true,
    tls: true,
    mode: 'dev',
    memory: 5e8,
    host: 'a.b',
    replicas: 2,
    limits: { cpu: '1' },
    labels: { team: 'x', app: 'y' },
    podLabels: { a: 'b', team: 'z' },
    requests: { cpu: 1, memory: '1Gi' },
    args: ['--all'],
    ports: [{ name: 'metrics', port: 9090 }],
  },
];

describe('the README', () => {
  const program = programOf(
    new Map([
      ...Array.from(modules, ([name, code]) => [path(name), code] as const),
      [path('signatures'), SIGNATURES] as const,
    ]),
  );

  it('has a section with a signature and an example for every combinator', () => {
    const documented = SECTIONS.filter((section) => signaturesOf(section).length > 0).map(({ heading }) => heading);
    expect(documented.sort()).toEqual([...COMBINATORS].sort());
    expect([...examples.keys(), ...WITHOUT_EXAMPLE].sort()).toEqual([...COMBINATORS].sort());
  });

  it('has code that compiles', () => {
    expect(Object.fromEntries(Array.from(modules.keys(), (name) => [name, errorsByLine(program, path(name))]))).toEqual(
      Object.fromEntries(Array.from(modules.keys(), (name) => [name, {}])),
    );
  });

  it('has the signatures of the code', () => {
    expect(errorsByLine(program, path('signatures'))).toEqual({});
  });

  it('has no code block that these tests leave out', () => {
    const used = [...modules.values()].join('\n');
    expect(CODE_BLOCKS.filter(({ language, code }) => language === 'ts' && !used.includes(code))).toEqual([]);
    expect(CODE_BLOCKS.filter(({ language }) => !['sh', 'text', 'ts', 'gotmpl', 'yaml'].includes(language))).toEqual(
      [],
    );
  });
});

describe('the code of the README', () => {
  const folder = new ModuleFolder();
  let printed: string[] = [];

  beforeAll(() => {
    for (const [name, code] of modules) folder.write(name, code);
  });

  afterAll(() => {
    folder.remove();
  });

  beforeEach(() => {
    printed = [];
    jest.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('prints plain manifests', () => {
    folder.run('print');
    expect(parseAllDocuments(printed.join('\n')).map((document) => document.toJS() as unknown)).toMatchObject([
      { kind: 'Deployment', metadata: { name: 'web-shop', namespace: 'my-namespace' } },
      { kind: 'Ingress', spec: { rules: [{ host: 'shop.example.com' }] } },
    ]);
  });

  it('writes the Helm chart and its archive', async () => {
    const before = process.cwd();
    process.chdir(folder.path);
    try {
      folder.run('write');
      expect(readFileSync('web/Chart.yaml', 'utf8')).toContain('name: web\n');
      expect(readFileSync('web/templates/ingress.yaml', 'utf8')).toBe(blocksOf('gotmpl', 'Example').join('\n'));
      while (!existsSync('web-1.0.0.tgz')) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(gunzipSync(readFileSync('web-1.0.0.tgz')).toString('latin1')).toContain('web/templates/deployment.yaml');
    } finally {
      process.chdir(before);
    }
  });

  it('refuses values by rules', () => {
    folder.run('rules');
    expect(printed.map((text) => `${text}\n`.trimEnd())).toEqual(
      blocksOf('text', 'Rules').map((text) => text.trimEnd()),
    );
  });

  it('prints YAML', () => {
    folder.run('other');
    expect(printed).toEqual(blocksOf('yaml', 'Other doors'));
  });

  it.each([...examples.keys()])('of %s becomes the template below it', (name) => {
    const { schema: values } = folder.run('schema') as { schema: z.ZodType<never> };
    const { build } = folder.run(name) as { build: (scope: Construct, view: unknown) => Part | undefined };
    const chart = charts.defineChart({
      name: 'web',
      schema: values,
      constructs: (scope, view) => {
        const part = build(scope, view);
        if (part?.resources !== undefined)
          new k8s.KubePod(scope, 'o', { metadata: { name: 'o' }, spec: { containers: [{ name: 'o', ...part }] } });
        else if (part !== undefined)
          new ApiObject(scope, 'o', {
            apiVersion: 'v1',
            kind: 'O',
            metadata: { name: 'o' },
            spec: { name: 'o', ...part },
          });
      },
    });
    const [, { content } = { content: '' }] = chart.templates();
    const [before = '', part = content] = content.split(/^ *(?:- )?name: o\n(?!spec)/m);
    const indent = part === content ? '' : before.endsWith('containers:\n') ? '    ' : '  ';
    expect(part.replace(new RegExp(`^${indent}`, 'gm'), '')).toBe(blocksOf('gotmpl', name).join('\n'));

    for (const given of GIVEN) {
      const complete = chart.values(given);
      const printedObjects = parseAllDocuments(chart.text(complete)).map((document) => document.toJS() as unknown);
      expect(printedObjects).toEqual(JSON.parse(JSON.stringify(chart.objects(complete))));
    }
  });
});
