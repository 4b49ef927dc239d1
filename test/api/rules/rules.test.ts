import type { Mapping } from '@dozlab/charts/schema';
import { type Row, ROWS } from '../../support/rule-rows';
import { inShort, problemsWith } from '../../support/values';

/** What the rules say of values, without the warning of images that move, which the defaults have. */
const said = (over: Mapping): string[] =>
  problemsWith(over)
    .filter(({ code }) => code !== 'moving-image')
    .map(inShort);

describe.each<Row>(ROWS)('%s', (_, over, problems) => {
  it(`${JSON.stringify(over).slice(0, 120)} gives ${problems.join(', ') || 'nothing to say'}`, () => {
    expect(said(over)).toEqual(problems);
  });
});

describe('an image that may be another tomorrow', () => {
  const moving = (over: Mapping): string[] =>
    problemsWith(over)
      .filter(({ code }) => code === 'moving-image')
      .map(inShort);

  it('is a warning at each container', () => {
    expect(moving({})).toEqual([
      'warning moving-image initContainers.rootfs.tag',
      'warning moving-image initContainers.network.tag',
      'warning moving-image firecracker.tag',
      'warning moving-image terminal.tag',
      'warning moving-image codeServer.tag',
    ]);
  });

  it.each<[Mapping, string[]]>([
    [{ tag: 'v1' }, []],
    [{ digest: `sha256:${'a'.repeat(64)}` }, []],
    [{ image: 'a:v1' }, []],
    [{ image: `a@sha256:${'a'.repeat(64)}` }, []],
    [{ image: 'a:latest' }, ['warning moving-image terminal.image']],
    [{ image: 'localhost:5000/a' }, ['warning moving-image terminal.tag']],
  ])('%j gives %j', (terminalImage, problems) => {
    expect(moving({ terminal: terminalImage }).filter((problem) => problem.includes('terminal'))).toEqual(problems);
  });
});
