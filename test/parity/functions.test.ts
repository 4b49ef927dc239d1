import fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as quantityFunctions from '../../src/api/values/quantity-functions';
import * as otherFunctions from '../../src/api/values/template-functions';
import { functionTemplates, type PureFunction } from '@dozlab/charts';
import { QUANTITY } from '../../src/api/values/quantity';
import { lineOfText, qualifiedNames } from '../support/arbitrary-parts';
import { temporaryFolder } from '../support/project';
import { HELMS, bareChart, template, writeFiles } from './helm';

const SEED = Number(process.env['FC_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = 300;

const functions = { ...quantityFunctions, ...otherFunctions };

type Name = keyof typeof functions;

const identifiers = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/);
const texts = fc
  .oneof(lineOfText(80), fc.stringMatching(/^[A-Za-z0-9_. -]{0,70}$/), identifiers)
  .filter((text) => text !== '');
const digits = fc.integer({ min: 0, max: 99_999 });
const quantities = fc
  .oneof(
    fc
      .tuple(digits, fc.constantFrom('', 'k', 'M', 'G', 'T', 'Ki', 'Mi', 'Gi', 'Ti'))
      .map(([number, suffix]) => `${String(number)}${suffix}`),
    fc
      .tuple(digits, digits, fc.constantFrom('M', 'Mi', 'G', 'Gi'))
      .map(([whole, part, suffix]) => `${String(whole)}.${String(part)}${suffix}`),
    fc.constantFrom('1e3', '12E6', '5e9', '.5Gi', '5.Gi', '0', '1E', '2P', '3Pi', '100m'),
    fc.integer({ min: 0, max: 2 ** 40 }),
  )
  .filter((given) => QUANTITY.test(String(given)));
const oddQuantities = fc.oneof(
  quantities,
  fc.constantFrom(
    '1e30',
    '99996.48037Gi',
    '8E',
    '7E',
    '8Ei',
    '1500m',
    '2000m',
    '0.1Ki',
    '0.57G',
    '0.1',
    '100m',
    '1Gi',
    '1024Mi',
    '0',
  ),
);
const resources = fc.constantFrom('cpu', 'memory', 'ephemeral-storage', 'example.com/gpu');
const patterns = fc
  .array(fc.constantFrom('{id}', '{user}', '-', '.', 'labs', '/', '{', '}', 'a$1b', '$&'), { maxLength: 6 })
  .map((parts) => parts.join(''));
const annotations = fc.dictionary(
  fc.oneof(
    qualifiedNames(),
    fc.constantFrom(
      'nginx.ingress.kubernetes.io/auth-url',
      'traefik.ingress.kubernetes.io/router.middlewares',
      'auth',
      'a/oauth2',
      'author.io/x',
    ),
  ),
  fc.constantFrom('', 'x', '"'),
  { maxKeys: 4 },
);

/** Random arguments of each function. */
const ARGUMENTS: Readonly<Record<Name, fc.Arbitrary<readonly unknown[]>>> = {
  labelValueOf: fc.tuple(texts),
  fillPattern: fc.tuple(patterns, identifiers, texts),
  imageReferenceOf: fc.tuple(
    fc.constantFrom('busybox', 'a.io:5000/b/c', 'x/y:1', 'x@sha256:00', 'localhost:80/x'),
    fc.constantFrom('latest', '1.2'),
    fc.constantFrom(undefined, 'sha256:11'),
  ),
  passwordBase64Of: fc.tuple(
    fc
      .tuple(texts, fc.constantFrom('', '\n', '\r\n'))
      .map((parts) => parts.join(''))
      .filter((text) => text.trim() !== ''),
  ),
  vmCpuLimitOf: fc.tuple(fc.oneof(fc.integer({ min: 1, max: 32 }), fc.integer({ min: 1, max: 32 }).map(String))),
  vmMemoryLimitOf: fc.tuple(
    fc.oneof(fc.integer({ min: 128, max: 2 ** 20 }), fc.integer({ min: 128, max: 2 ** 20 }).map(String)),
  ),
  vmMemoryRequestOf: fc.tuple(
    fc.oneof(fc.integer({ min: 128, max: 2 ** 20 }), fc.integer({ min: 128, max: 4096 }).map(String)),
    fc.oneof(fc.constant(100), fc.integer({ min: 1, max: 100 })),
    fc.option(
      fc.oneof(
        quantities,
        fc.integer({ min: 128, max: 8192 }).map((size) => `${String(size)}Mi`),
      ),
      {
        nil: undefined,
      },
    ),
  ),
  diskVolumeSizeOf: fc.tuple(
    fc
      .tuple(fc.integer({ min: 1, max: 999_999 }), fc.constantFrom('K', 'M', 'G', 'T'))
      .map(([number, suffix]) => `${String(number)}${suffix}`),
  ),
  sumOfBytes: fc.array(quantities, { minLength: 1, maxLength: 4 }),
  isByteSize: fc.tuple(oddQuantities),
  isCountable: fc.tuple(oddQuantities),
  exceeds: fc.tuple(oddQuantities, oddQuantities),
  exceedsEntry: fc.tuple(oddQuantities, fc.dictionary(resources, oddQuantities, { maxKeys: 2 }), resources),
  entryOf: fc.tuple(fc.dictionary(resources, oddQuantities, { maxKeys: 2 }), resources),
  networkOf: fc.tuple(fc.ipV4()),
  isNetwork: fc.tuple(
    fc
      .tuple(fc.constantFrom('10.0.0.0', '10.128.0.0', '10.0.0.1', '0.0.0.0', '255.255.255.255'), fc.nat(32))
      .map((parts) => parts.join('/')),
  ),
  mixesAccessModes: fc.tuple(
    fc.uniqueArray(fc.constantFrom('ReadWriteOnce', 'ReadWriteOncePod', 'ReadWriteMany'), { minLength: 1 }),
  ),
  repeatedName: fc.tuple(fc.array(fc.record({ name: fc.constantFrom('A', 'B', 'C', 'D') }), { maxLength: 4 })),
  keyMeaning: fc.tuple(
    fc.oneof(
      qualifiedNames(),
      fc.constantFrom(
        'config.kubernetes.io/local-config',
        'internal.config.kubernetes.io/x',
        'argocd.argoproj.io/sync-wave',
        'argocd.argoproj.io/hook',
        'argocd.argoproj.io/sync-waves',
        'helm.sh/hook-weight',
        'kustomize.toolkit.fluxcd.io/prune',
        'a.fluxcd.io/x',
        'addonmanager.kubernetes.io/mode',
      ),
    ),
  ),
  startFailures: fc.tuple(
    fc.constantFrom(300, 600),
    fc.integer({ min: 1, max: 86_400 }),
    fc.integer({ min: 1, max: 86_400 }),
    fc.integer({ min: 1, max: 1000 }),
    fc.option(fc.integer({ min: 0, max: 86_400 }), { nil: undefined }),
  ),
  diskSpaceLimitOf: fc.tuple(quantities, quantities),
  hasLogin: fc.tuple(annotations),
};

const definitionOf = (name: Name): PureFunction => (functions[name] as { definition: PureFunction }).definition;

function withUsed(definition: PureFunction): PureFunction[] {
  return [...definition.uses.flatMap(withUsed), definition];
}

describe.each(Object.keys(ARGUMENTS) as Name[])('%s', (name) => {
  it.each(HELMS)(`gives the same in %s and here (seed ${String(SEED)})`, async (program) => {
    const given = fc.sample(ARGUMENTS[name], { seed: SEED, numRuns: RUNS });
    const contexts = given.map((values) =>
      name === 'hasLogin' ? [values[0]] : values.length === 1 ? values[0] : values.map((value) => value ?? null),
    );
    const folder = writeFiles(
      temporaryFolder(),
      bareChart(
        'f',
        [
          {
            path: 'templates/_helpers.tpl',
            content: functionTemplates('f', Array.from(new Set(withUsed(definitionOf(name))))).join('\n'),
          },
          {
            path: 'templates/out.yaml',
            content: `results:\n{{- range .Values.contexts }}\n- {{ include "f.${definitionOf(name).name}" . | quote }}\n{{- end }}\n`,
          },
        ],
        {},
      ),
    );
    const file = join(folder, 'given.json');
    writeFileSync(file, JSON.stringify({ contexts }));
    const { results } = parse(await template(program, folder, file)) as { results: string[] };
    const compute = definitionOf(name).compute as (...values: unknown[]) => unknown;
    expect(given.map((values, index) => [values, results[index]])).toEqual(
      given.map((values) => [values, String(compute(...values))]),
    );
  });
});

it('tests every registered function', () => {
  expect(Object.keys(ARGUMENTS).sort()).toEqual(Object.keys(functions).sort());
});
