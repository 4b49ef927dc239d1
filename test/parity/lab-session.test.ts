import fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isScalar, parseAllDocuments, visit } from 'yaml';
import { chartFiles } from '../../src/manifests/chart/files';
import { labSessionChart } from '../../src/manifests/lab-session-chart';
import { checkValues } from '../../src/api/values/check';
import type { SessionValues } from '../../src/api/values/schema';
import type { Mapping } from '@dozlab/charts/schema';
import { arbitraryValues } from '../support/arbitrary-values';
import { temporaryFolder } from '../support/project';
import { HELMS, forEachOf, objectsIn, sorted, template, writeFiles, type Helm } from './helm';
import { readByGo } from './go-yaml';

const RUNS = Number(process.env['PARITY_RUNS'] ?? 300);
const SEED = Number(process.env['FC_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

interface Case {
  readonly input: Mapping;
  readonly values: SessionValues;
}

/** Random valid values: as given, and complete. */
function cases(): Case[] {
  const given = fc.sample(arbitraryValues(), { seed: SEED, numRuns: RUNS * 2 });
  return given
    .flatMap((input) => {
      const { values } = checkValues(input);
      return values === undefined ? [] : [{ input, values }];
    })
    .slice(0, RUNS);
}

/** Plain data, without the prototypes of classes and parsers. */
const data = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

const isOfHelmAlone = ({
  metadata,
}: {
  metadata: { name: string; annotations?: Readonly<Record<string, string>> };
}): boolean => metadata.annotations?.['helm.sh/hook'] !== undefined;

/** True when Helm generates the password. The other renderings have no Secret then. */
const hasGeneratedSecret = ({ codeServer }: SessionValues): boolean =>
  codeServer.password === undefined && codeServer.existingSecret === undefined;

const ALL = cases();

it(`has ${String(RUNS)} cases (seed ${String(SEED)})`, () => {
  expect(ALL).toHaveLength(RUNS);
});

it(`the compiled text reads as the objects that the constructs make (seed ${String(SEED)})`, () => {
  for (const { values, input } of ALL) {
    try {
      expect(data(objectsIn(labSessionChart.text(values)))).toEqual(data(labSessionChart.objects(values)));
      expect(data(objectsIn(labSessionChart.text(values, 'ns')))).toEqual(data(labSessionChart.objects(values, 'ns')));
    } catch (error) {
      throw new Error(`for ${JSON.stringify(input)}`, { cause: error });
    }
  }
});

it(`the compiled text reads the same in Go (seed ${String(SEED)})`, async () => {
  const read = await readByGo(ALL.map(({ values }) => labSessionChart.text(values)));
  expect(read).toEqual(ALL.map(({ values }) => data(labSessionChart.objects(values))));
});

it.each(HELMS)(`%s renders the objects that the constructs make (seed ${String(SEED)})`, async (program) => {
  const chart = writeFiles(temporaryFolder(), chartFiles());
  const texts: string[] = [];
  await forEachOf(ALL, async ({ input, values }, index) => {
    const text = await rendered(program, chart, input, index);
    texts[index] = text;
    const secret = `lab-session-${values.session.id}-secrets`;
    const shown = objectsIn(text).filter(
      (object) =>
        !isOfHelmAlone(object) &&
        !(hasGeneratedSecret(values) && object.kind === 'Secret' && object.metadata.name === secret),
    );
    try {
      expect(data(sorted(shown))).toEqual(data(sorted(labSessionChart.objects(values))));
      expect(numbersIn(text).filter((number) => /[eE]/.test(number))).toEqual([]);
    } catch (error) {
      throw new Error(`for ${JSON.stringify(input)}`, { cause: error });
    }
  });
  const byGo = await readByGo(texts);
  expect(byGo.map((objects) => sorted(objects as never[]))).toEqual(texts.map((text) => data(sorted(objectsIn(text)))));
});

async function rendered(program: Helm, chart: string, input: Mapping, index: number): Promise<string> {
  const file = join(temporaryFolder(), `${String(index)}.yaml`);
  writeFileSync(file, JSON.stringify(input));
  try {
    return await template(program, chart, file);
  } catch (error) {
    throw new Error(`for ${JSON.stringify(input)}`, { cause: error });
  }
}

/** The numbers of a YAML text as they are written. Parsed YAML does not show a difference between 1e+06 and 1000000. */
function numbersIn(text: string): string[] {
  const numbers: string[] = [];
  for (const document of parseAllDocuments(text)) {
    visit(document, {
      Scalar(_, node) {
        if (isScalar(node) && typeof node.value === 'number') numbers.push(node.source ?? '');
      },
    });
  }
  return numbers;
}
