import { includeTemplate, mapFunction, numberFunction, textFunction, truthFunction } from '@dozlab/charts';
import { meaningOfKey, MEANINGS } from '../../core/consumers/metadata';
import { isNetworkAddress } from './fields';
import {
  AUTHENTICATION,
  base64,
  dnsLabel,
  expandPattern,
  hasAuthentication,
  imageReference,
  labelValue,
  withHash,
} from './names';

/** Constructs call the TypeScript, charts the named templates. */

const withHashOf = textFunction(
  'withHash',
  withHash,
  `{{- $ends := regexReplaceAll "^[^A-Za-z0-9]+|[^A-Za-z0-9]+$" (index . 0) "" -}}
{{- if $ends }}{{ $ends }}-{{ end }}{{ sha256sum (index . 1) | trunc 8 -}}`,
);

export const labelValueOf = textFunction(
  'labelValue',
  labelValue,
  `{{- if regexMatch "^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$" . -}}
{{ . }}
{{- else -}}
{{ ${includeTemplate('withHash', '(list (regexReplaceAll "[^A-Za-z0-9_.-]+" . "-" | trunc 54) .)')} }}
{{- end -}}`,
  [withHashOf.definition],
);

const dnsLabelOf = textFunction(
  'dnsLabel',
  dnsLabel,
  `{{- if and (regexMatch "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$" .) (le (len .) 33) -}}
{{ . }}
{{- else -}}
{{ ${includeTemplate('withHash', '(list (regexReplaceAll "[^A-Za-z0-9]+" . "-" | trunc 24 | lower) .)')} }}
{{- end -}}`,
  [withHashOf.definition],
);

export const fillPattern = textFunction(
  'fillPattern',
  expandPattern,
  `{{- index . 0 | replace "{id}" (index . 1) | replace "{user}" ${includeTemplate('dnsLabel', '(index . 2)')} -}}`,
  [dnsLabelOf.definition],
);

export const imageReferenceOf = textFunction(
  'imageReference',
  imageReference,
  `{{- if regexMatch "@|:[^/]*$" (index . 0) -}}
{{ index . 0 }}
{{- else if kindIs "invalid" (index . 2) -}}
{{ index . 0 }}:{{ index . 1 }}
{{- else -}}
{{ index . 0 }}@{{ index . 2 }}
{{- end -}}`,
);

/** Without the line end of a file, which `helm --set-file` keeps. The JSON Schema of a secret has no pattern, so `fail` checks. */
export const passwordBase64Of = textFunction(
  'passwordBase64',
  (password: string) => base64(password.replace(/\r?\n$/, '')),
  `{{- $password := regexReplaceAll "\\r?\\n$" . "" -}}
{{- if regexMatch "^ *$" $password -}}
{{- fail "codeServer.password is blank. Fix: give text with other characters than spaces, or leave it out" -}}
{{- end -}}
{{- if regexMatch "[\\x00-\\x1f\\x7f]" $password -}}
{{- fail "codeServer.password has several lines or control characters. Fix: give one line of text" -}}
{{- end -}}
{{- b64enc $password -}}`,
);

/** The first three numbers of an IPv4 address. */
export const networkOf = textFunction(
  'networkOf',
  (address: string) => address.slice(0, address.lastIndexOf('.')),
  '{{- regexReplaceAll "[.][0-9]+$" . "" -}}',
);

export const isNetwork = truthFunction(
  'isNetwork',
  isNetworkAddress,
  `{{- $parts := splitList "/" . -}}
{{- $bits := 0 -}}
{{- range splitList "." (first $parts) -}}{{- $bits = add (mul $bits 256) (int64 .) -}}{{- end -}}
{{- $size := 1 -}}
{{- range until (int (sub 32 (int64 (last $parts)))) -}}{{- $size = mul $size 2 -}}{{- end -}}
{{- eq (mod $bits $size) 0 -}}`,
);

/** True if the mode stands beside others, which must stand alone. */
export const mixesAccessModes = truthFunction(
  'mixesAccessModes',
  (modes: string[]) => modes.includes('ReadWriteOncePod') && modes.length > 1,
  '{{- and (has "ReadWriteOncePod" .) (gt (len .) 1) -}}',
);

/** The first name that a list has twice; empty if there is none. */
export const repeatedName = textFunction(
  'repeatedName',
  (items: { readonly name: string }[]) =>
    items.find(({ name }, index) => items.findIndex((other) => other.name === name) < index)?.name ?? '',
  `{{- $seen := dict -}}
{{- $found := "" -}}
{{- range . -}}
{{- if and (hasKey $seen .name) (eq $found "") -}}{{- $found = .name -}}{{- end -}}
{{- $_ := set $seen .name true -}}
{{- end -}}
{{- $found -}}`,
);

/** The longest default of older versions, in seconds. */
const OLDER_DELAY = 30;

/** The failures of a startup probe for which a container has at least as much time as with the liveness probe alone. */
export const startFailures = numberFunction(
  'startFailures',
  (least: number, startPeriod: number, period: number, failures: number, delay?: number) =>
    Math.ceil(Math.max(least, (delay ?? OLDER_DELAY) + period * failures) / startPeriod),
  `{{- $period := int64 (index . 1) -}}
{{- $delay := ternary ${String(OLDER_DELAY)} (index . 4) (kindIs "invalid" (index . 4)) -}}
{{- $wait := max (index . 0) (add (int64 $delay) (mul (int64 (index . 2)) (int64 (index . 3)))) -}}
{{- div (add $wait (sub $period 1)) $period -}}`,
);

const goKey = ({ source }: RegExp): string => `(regexMatch \`${source.replaceAll('\\/', '/')}\` .)`;

/** What a program does by a label or an annotation; empty if none does. */
export const keyMeaning = textFunction(
  'keyMeaning',
  (key: string) => meaningOfKey(key) ?? '',
  `${MEANINGS.map(({ key, except, does }, index) => {
    const test = except === undefined ? goKey(key) : `and ${goKey(key)} (not ${goKey(except)})`;
    return `{{- ${index === 0 ? 'if' : 'else if'} ${test} -}}\n${does}\n`;
  }).join('')}{{- end -}}`,
);

export const hasLogin = mapFunction(
  'hasAuthentication',
  hasAuthentication,
  `{{- $layers := . -}}
{{- $found := false -}}
{{- range $index, $layer := $layers -}}
{{- range $key, $value := $layer -}}
{{- $hidden := false -}}
{{- range $later, $other := $layers -}}
{{- if and (gt $later $index) (hasKey $other $key) -}}{{- $hidden = true -}}{{- end -}}
{{- end -}}
{{- if and (not $hidden) (ne (trim $value) "") (ne $value "none") (regexMatch \`${AUTHENTICATION.source.replaceAll('\\/', '/')}\` $key) -}}{{- $found = true -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- $found -}}`,
);
