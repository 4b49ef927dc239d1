import { z } from 'zod';
import {
  and,
  checkEach,
  checkEntries,
  defineChart,
  equals,
  isSet,
  matches,
  not,
  orElse,
  refuse,
  text,
} from '../../src';

const schema = z.strictObject({
  port: z.int().default(80),
  metricsPort: z.int().default(9090),
  env: z.array(z.strictObject({ name: z.string(), value: z.string().optional() })).default([]),
  labels: z.record(z.string(), z.string()).default({}),
  host: z.string().optional(),
  tls: z.boolean().default(false),
});

const chart = defineChart({
  name: 'shop',
  schema,
  constructs: () => undefined,
  rules: {
    'ports-differ': (view) =>
      refuse(
        equals(text(view.port), text(view.metricsPort)),
        ['metricsPort'],
        `is ${text(view.port)}, 100% the port of the shop, {{ too }}`,
      ),
    'no-passwords': (view) =>
      checkEach(view.env, ({ name, value }, index) =>
        refuse(
          and(matches(name, /^pass/i), not(equals(orElse(value, ''), ''))),
          ['env', index, 'value'],
          `is a password`,
          'secret',
        ),
      ),
    'keys-are-ours': (view) =>
      checkEntries(view.labels, (key) => refuse(not(matches(key, /^shop/)), ['labels', key], `is not ours: ${key}`)),
    'tls-has-a-host': (view) => refuse(and(view.tls, not(isSet(view.host))), ['host'], 'is missing'),
  },
});

const templates = new Map(chart.templates().map(({ path, content }) => [path, content]));

it('values that rules refuse are an error with all faults', () => {
  const given = {
    metricsPort: 80,
    env: [{ name: 'A' }, { name: 'PASSWORD', value: 'x' }],
    labels: { 'a.b/c': '1', shop: '1', other: '2' },
    tls: true,
  };
  expect(() => chart.values(given)).toThrow(
    `the values are not valid:
metricsPort is 80, 100% the port of the shop, {{ too }} (ports-differ)
env[1].value is a password (no-passwords)
labels["a.b/c"] is not ours: a.b/c (keys-are-ours)
labels.other is not ours: other (keys-are-ours)
host is missing (tls-has-a-host)`,
  );
  expect(chart.values({ tls: true, host: 'a.b' })).toMatchObject({ host: 'a.b', port: 80 });
});

it('a template fails with what another one prints', () => {
  expect(templates.get('templates/rules.yaml')).toBe(`{{- with include "shop.faults" . | trim }}
{{- fail (printf "the values of shop are not valid:\\n%s" .) }}
{{- end }}
`);
  expect(templates.get('templates/_rules.tpl')).toBe(`{{- define "shop.faults" -}}
{{- if eq (toJson .Values.port) (toJson .Values.metricsPort) }}
metricsPort {{ printf "is %s, 100%% the port of the shop, {{ too }}" (toJson .Values.port) }} (ports-differ)
{{- end }}
{{- range $envItemKey, $envItem := .Values.env }}
{{- if and (regexMatch "(?i)^pass" $envItem.name) (not (eq (ternary "" $envItem.value (kindIs "invalid" $envItem.value)) "")) }}
env[{{ $envItemKey }}].value is a password (no-passwords)
{{- end }}
{{- end }}
{{- range $labelKey, $label := .Values.labels }}
{{- if not (regexMatch "^shop" $labelKey) }}
labels{{ if regexMatch "^[A-Za-z_][A-Za-z0-9_-]*$" $labelKey }}.{{ $labelKey }}{{ else }}[{{ toJson $labelKey }}]{{ end }} {{ printf "is not ours: %s" $labelKey }} (keys-are-ours)
{{- end }}
{{- end }}
{{- if and .Values.tls (not (not (kindIs "invalid" .Values.host))) }}
host is missing (tls-has-a-host)
{{- end }}
{{- end }}
`);
});

it('a chart without rules has no template for them', () => {
  const plain = defineChart({ name: 'plain', schema, constructs: () => undefined });
  expect(plain.templates().map(({ path }) => path)).toEqual(['templates/_helpers.tpl']);
});

it('a rule that Helm cannot have is an error with its name', () => {
  const lost = defineChart({
    name: 'lost',
    schema,
    constructs: () => undefined,
    rules: { 'looks-ahead': (view) => refuse(matches(orElse(view.host, ''), /a(?!b)/), ['host'], 'is wrong') },
  });
  expect(() => lost.templates()).toThrow('the rule looks-ahead: ');
});
