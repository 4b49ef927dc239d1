import fc from 'fast-check';
import { parse } from 'yaml';
import { HEADER } from '../../src/manifests/manifest-file';
import { releasePrinter } from '../../src/manifests/release';
import { chartSettings } from '../../src/api/settings/chart';
import { fluxSettings } from '../../src/api/settings/flux';
import { type Manifest, toYaml } from '@dozlab/charts/yaml';
import { releaseChart } from '../../src/manifests/session-templates';
import { type Mapping, mergeTrees, withoutDefaults } from '@dozlab/charts/schema';
import { secretsSettings } from '../../src/source/schemas';
import { defaultValues } from '../../src/api/values/defaults';
import { checkValues, parseValues } from '../../src/api/values/check';
import { arbitraryValues } from '../support/arbitrary-values';
import { expectProperty } from '../support/property';
import { valuesWith } from '../support/values';

const flux = fluxSettings.parse({ source: { url: 'https://example.com/labs' } });

const printerOf = (chart: Mapping = {}) =>
  releasePrinter(releaseChart.printer, {
    cohort: {
      ...{ name: 'class', namespace: 'lab-class', delivery: 'helm' as const },
      ...{ secrets: secretsSettings.parse({}), chart: chartSettings.parse(chart) },
    },
    flux,
    defaults: defaultValues(),
  });

interface Release extends Manifest {
  readonly spec: { readonly values: Mapping };
}

/** The values that the release of a session holds. */
const releasedValues = (given: Mapping, chart: Mapping = {}): Mapping =>
  (parse(printerOf(chart)({ id: 'alice', given })) as Release).spec.values;

const OCI = { url: 'oci://registry.example.com/charts/lab-session' };

test('what a release holds, Helm makes the very values of: defaults, and the given ones over them', () => {
  expectProperty(arbitraryValues(), (given) => {
    const { values } = checkValues(given);
    if (values === undefined) return;
    expect(parseValues(mergeTrees(defaultValues(), releasedValues(given)))).toEqual(values);
  });
});

test('releases with values in common are each what is written of them alone, as the writer of all other files has it', () => {
  const print = printerOf();
  expectProperty(fc.tuple(arbitraryValues(), arbitraryValues()), ([one, other]) => {
    for (const given of [one, other, { ...one, session: other['session'] ?? null }]) {
      const text = print({ id: 'alice', given });
      expect(text).toBe(printerOf()({ id: 'alice', given }));
      expect(text).toBe(HEADER + toYaml([parse(text) as Manifest]));
    }
  });
});

test('values as the defaults have them are left out, but not those of a chart that may have others', () => {
  const given = valuesWith({
    terminationGracePeriodSeconds: 30,
    network: { mtu: 1500 },
    firecracker: { vm: { cpuCount: 2 } },
  });
  const { network: _network, ...rest } = given;
  const kept = { ...rest, terminationGracePeriodSeconds: 30 };
  expect(releasedValues(kept)).toEqual(valuesWith({ firecracker: { vm: { cpuCount: 2 } } }));
  expect(releasedValues(kept, { version: '0.0.1' })).toEqual(kept);
  expect(releasedValues(kept, { oci: { ...OCI, digest: `sha256:${'a'.repeat(64)}` } })).toEqual(kept);
  expect(releasedValues(kept, { oci: OCI, version: '0.0.1' })).toEqual(kept);
});

describe('withoutDefaults', () => {
  const DEFAULTS = { a: 1, list: [1, 2], map: { b: 'x', inner: { c: true } }, empty: {} };

  test.each<[string, Mapping, Mapping]>([
    ['nothing', {}, {}],
    ['all that is alike', DEFAULTS, {}],
    ['one that differs', { a: 2 }, { a: 2 }],
    ['a list that differs, as a whole', { list: [1] }, { list: [1] }],
    ['the one leaf that differs', { map: { b: 'x', inner: { c: false } } }, { map: { inner: { c: false } } }],
    ['a key that the defaults lack', { map: { d: null }, e: {} }, { map: { d: null }, e: {} }],
    ['another kind of value', { map: [], empty: 'x', a: { b: 1 } }, { map: [], empty: 'x', a: { b: 1 } }],
    ['keys of every object', { constructor: 'x', toString: 'y' }, { constructor: 'x', toString: 'y' }],
  ])('%s', (_, given, kept) => {
    expect(withoutDefaults(given, DEFAULTS)).toEqual(kept);
    expect(mergeTrees(DEFAULTS, withoutDefaults(given, DEFAULTS))).toEqual(mergeTrees(DEFAULTS, given));
  });
});
