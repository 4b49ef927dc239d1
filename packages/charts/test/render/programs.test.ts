import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { z } from 'zod';
import { type CompiledChart, defineChart, linkProgram, map, textFunction, type View } from '../../src';
import type { Program } from '../../src/render/javascript';
import { ModuleFolder } from '../support/modules';

const schema = z.strictObject({
  release: z.strictObject({ name: z.string(), host: z.string().optional() }),
  labels: z.record(z.string(), z.string()).default({}),
  image: z.string().default('nginx'),
});

const shout = textFunction('shoutForPrograms', (text: string) => text.toUpperCase(), '{{- upper . -}}');

const constructs = jest.fn((scope: Construct, view: View<z.output<typeof schema>>) => {
  new k8s.KubeConfigMap(scope, 'config', {
    metadata: { name: `web-${view.release.name}`, labels: map(view.labels) },
    data: {
      image: view.image,
      name: shout(view.release.name),
      again: shout(view.release.name),
      loud: shout(view.image),
    },
  });
});

const props = { name: 'web', schema, constructs, varying: ['release'] } as const;

const RELEASES = ['shop', 'blog', '"{{ x }}"\n', '0o17'].map((name) =>
  schema.parse({ release: { name }, labels: { team: 'a' }, image: 'caddy' }),
);

describe('the printer of a chart', () => {
  const chart = defineChart(props);

  it.each([undefined, 'a-namespace'])(
    'prints all releases that differ in what varies, in the namespace %s',
    (namespace) => {
      const [first] = RELEASES;
      if (first === undefined) throw new Error('no releases');
      const print = chart.printer(first, namespace);
      expect(RELEASES.map(print)).toEqual(RELEASES.map((values) => chart.text(values, namespace)));
      expect(new Set(RELEASES.map(print)).size).toBe(RELEASES.length);
    },
  );
});

describe('a program that was compiled ahead of time', () => {
  const folder = new ModuleFolder();
  let compiled: CompiledChart;

  beforeAll(() => {
    const chart = defineChart(props);
    const [plain, namespaced] = [false, true].map((isNamespaced) => {
      const name = `program${String(isNamespaced)}`;
      const { text, functions } = chart.program(isNamespaced);
      folder.write(name, `export const program = (f, q, j, t) => {${text}};`);
      const { program } = folder.run(name) as { program: Program<unknown> };
      return { functions: functions.map((each) => each.name), program };
    });
    if (plain === undefined || namespaced === undefined) throw new Error('no programs');
    compiled = { plain, namespaced };
  });

  afterAll(() => {
    folder.remove();
  });

  it('prints the same, and runs no constructs', () => {
    const expected = RELEASES.flatMap((values) => [
      defineChart(props).text(values),
      defineChart(props).text(values, 'n'),
    ]);
    constructs.mockClear();
    const chart = defineChart({ ...props, compiled });
    expect(RELEASES.flatMap((values) => [chart.text(values), chart.text(values, 'n')])).toEqual(expected);
    expect(constructs).not.toHaveBeenCalled();
  });

  it('is refused when a function is missing', () => {
    const { program } = compiled.plain;
    expect(() => linkProgram({ program, functions: ['nowhere'] })).toThrow('there is no function named nowhere');
  });
});
