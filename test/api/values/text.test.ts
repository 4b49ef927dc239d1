import { parseValues } from '../../../src/api/values/check';
import { type Mapping, mergeTrees } from '@dozlab/charts/schema';
import { HOSTILE_TEXTS } from '../../support/hostile-texts';
import { inShort, problemsWith, valuesWith } from '../../support/values';

describe('characters', () => {
  const ranges: readonly (readonly [number, number])[] = [
    [0, 8],
    [0x0b, 0x1f],
    [0x7f, 0x9f],
    [0x2028, 0x2029],
    [0xfeff, 0xfeff],
    [0xfffe, 0xffff],
  ];
  const control = ranges.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => String.fromCharCode(first + index)),
  );
  const withEnv = (value: string): Mapping => ({ terminal: { extraEnv: [{ name: 'X', value }] } });

  it('that readers of YAML disagree on are refused in every text', () => {
    const accepted = control.flatMap((character) => {
      const text = `a${character}b`;
      const places: Mapping[] = [
        { session: { userId: text } },
        { annotations: { x: text } },
        { labels: { x: text } },
        { codeServer: { password: text } },
        { ingress: { vscode: { annotations: { x: text } } } },
        { rootfs: { imageUrl: `https://example.com/${character}` } },
        withEnv(text),
      ];
      return places.filter((over) => problemsWith(over).every(({ severity }) => severity !== 'error'));
    });

    expect(accepted).toEqual([]);
  });

  it.each(['\n', '\t'])('%j is kept in annotations and environment values and refused elsewhere', (character) => {
    const text = `a${character}b`;
    const { annotations, terminal } = parseValues(mergeTrees(valuesWith({ annotations: { x: text } }), withEnv(text)));

    expect([annotations['x'], terminal.extraEnv[0]?.value]).toEqual([text, text]);
    expect(problemsWith({ session: { userId: text } }).map(({ code }) => code)).toContain('wrong-value');
    expect(problemsWith({ labels: { x: text } }).map(({ code }) => code)).toContain('wrong-value');
    expect(problemsWith({ codeServer: { password: text } }).map(({ code }) => code)).toContain('wrong-value');
  });

  it('that are half of a pair are refused', () => {
    expect(problemsWith({ session: { userId: 'a\ud800' } }).map(inShort)).toContain('error wrong-value session.userId');
    expect(problemsWith({ annotations: { x: '\udc00' } }).map(inShort)).toContain('error wrong-value annotations.x');
  });

  it('are counted as people count them', () => {
    expect(problemsWith({ session: { userId: '😀'.repeat(256) } }).filter((p) => p.severity === 'error')).toEqual([]);
    expect(problemsWith({ session: { userId: '😀'.repeat(257) } }).map(inShort)).toContain(
      'error wrong-value session.userId',
    );
  });
});

describe('text that is legal and hostile is kept exactly', () => {
  it.each(HOSTILE_TEXTS)('%j', (text) => {
    const { session, annotations, codeServer, terminal } = parseValues(
      valuesWith({
        session: { userId: text },
        annotations: { x: text },
        codeServer: { password: text },
        terminal: { extraEnv: [{ name: 'X', value: text }] },
      }),
    );

    expect([session.userId, annotations['x'], codeServer.password, terminal.extraEnv[0]?.value]).toEqual([
      text,
      text,
      text,
      text,
    ]);
  });

  it.each(['0o17', 'yes', '1e3', '007', 'null', 'true', '', '1.0', 'NO'])(
    'the label value %j, and as a key',
    (text) => {
      const { labels } = parseValues(valuesWith({ labels: { x: text, ...(text === '' ? {} : { [text]: 'x' }) } }));

      expect(labels).toEqual({ x: text, ...(text === '' ? {} : { [text]: 'x' }) });
    },
  );

  it.each(['', '\n', '\t', ' ', 'a\nb\n', '\\n\\', '"\'`', '\n\n\n', 'a\tb\\c\n{{ d }}'])(
    'the annotation and environment value %j',
    (text) => {
      const { annotations, terminal } = parseValues(
        valuesWith({ annotations: { x: text }, terminal: { extraEnv: [{ name: 'X', value: text }] } }),
      );

      expect([annotations['x'], terminal.extraEnv[0]?.value]).toEqual([text, text]);
    },
  );
});
