import { synthesizeProject } from '../../src/synth/synthesize';
import { placesOfSession, sessionText } from '../support/problems';
import { projectWith, smallProject } from '../support/project';

const SESSION = 'sessions/class/alice.yaml';

describe('a file of a project', () => {
  test.each(['constructor', 'toString', 'hasOwnProperty', 'prototype'])('may have the key %s', (key) => {
    expect(placesOfSession(`  ${key}: {polluted: true}\n`)).toEqual([`${SESSION}:7:3 spec.${key} [unknown-key]`]);
    expect(placesOfSession(`  values: {firecracker: {${key}: 1}}\n`)).toEqual([
      `${SESSION}:7:26 spec.values.firecracker.${key} [unknown-key]`,
    ]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('must not have the key __proto__', () => {
    expect(placesOfSession('  __proto__: {polluted: true}\n')).toEqual([`${SESSION}:7:3 [malformed]`]);
    expect(placesOfSession('  values: {labels: {__proto__: a}}\n')).toEqual([`${SESSION}:7:21 [malformed]`]);
  });

  test('has text as keys, whatever they look like', () => {
    const keys = ['1', 'true', 'null', '0o17', '1e3', 'yes'];
    const folder = projectWith(
      smallProject({ [SESSION]: sessionText(`  values: {labels: {${keys.map((key) => `${key}: a`).join(', ')}}}\n`) }),
    );
    expect(Object.keys(synthesizeProject(folder).sessions[0]?.values.labels ?? {}).sort()).toEqual(keys.sort());
  });

  test.each([
    [
      'an environment variable with NUL',
      '  values: {terminal: {extraEnv: [{name: A, value: "a\\u0000b"}]}}',
      '7:51 spec.values.terminal.extraEnv[0].value',
    ],
    ['an annotation with NEL', '  values: {annotations: {a: "x\\Ny"}}', '7:29 spec.values.annotations.a'],
    ['an annotation with DEL', '  values: {annotations: {a: "x\\x7fy"}}', '7:29 spec.values.annotations.a'],
    ['an annotation with a line separator', '  values: {annotations: {a: "x\\Ly"}}', '7:29 spec.values.annotations.a'],
    [
      'an annotation with half a surrogate pair',
      '  values: {annotations: {a: "x\\ud800y"}}',
      '7:29 spec.values.annotations.a',
    ],
  ])('must not have control characters: %s', (_, line, place) => {
    expect(placesOfSession(`${line}\n`)).toEqual([`${SESSION}:${place} [wrong-value]`]);
  });

  test('must not have a null label that no outer file sets', () => {
    expect(placesOfSession('  values:\n    labels: {a: null}\n')).toEqual([
      `${SESSION}:8:17 spec.values.labels.a [wrong-type]`,
    ]);
  });
});
