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
import { meaningOfKey, MEANINGS } from '../../core/consumers/metadata';
import { isNetworkAddress } from './fields';
import {
  binaryQuantity,
  exceeds as isMore,
  isByteSize as isSize,
  isCountable as isCountableQuantity,
  mebibytes,
  nano,
} from './quantity';
import { diskSpaceLimit, diskVolumeSize, sumBytes, vmCpuLimit, vmMemoryLimit, vmMemoryRequest } from './sizing';
import { includeTemplate, mapFunction, textFunction, truthFunction } from '@dozlab/charts';

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

/** In cores or bytes. Billionths are the smallest part of a quantity. */
const amountOf = textFunction(
  'amount',
  (quantity: string | number) => (Number(nano(quantity)) / 1e9).toFixed(9),
  `{{- $text := ternary . (toJson .) (kindIs "string" .) -}}
{{- $number := regexFind "^[0-9.]+" $text -}}
{{- $suffix := trimPrefix $number $text -}}
{{- $factors := dict "" 1.0 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "E" 1e18 "m" 1e-3 "u" 1e-6 "n" 1e-9 -}}
{{- $factors = merge $factors (dict "Ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 "Pi" 1125899906842624.0 "Ei" 1152921504606846976.0) -}}
{{- $amount := ternary (mulf (float64 $number) (get $factors $suffix | default 1.0)) (float64 $text) (hasKey $factors $suffix) -}}
{{- printf "%.9f" $amount -}}`,
);

export const isCountable = truthFunction(
  'isCountable',
  isCountableQuantity,
  `{{- $amount := round (float64 ${includeTemplate('amount', '.')}) 3 -}}
{{- and (eq $amount (floor $amount)) (lt $amount 9223372036854775808.0) -}}`,
  [amountOf.definition],
);

export const isByteSize = truthFunction(
  'isByteSize',
  isSize,
  `{{- and (eq ${includeTemplate('isCountable', '.')} "true") (gt (float64 ${includeTemplate('amount', '.')}) 0.0) -}}`,
  [amountOf.definition, isCountable.definition],
);

export const exceeds = truthFunction(
  'exceeds',
  isMore,
  `{{- gt (float64 ${includeTemplate('amount', '(index . 0)')}) (float64 ${includeTemplate('amount', '(index . 1)')}) -}}`,
  [amountOf.definition],
);

/** True if a map has the key with a smaller quantity. */
export const exceedsEntry = truthFunction(
  'exceedsEntry',
  (quantity: string | number, limits: Readonly<Record<string, string | number>>, key: string) =>
    Object.hasOwn(limits, key) && isMore(quantity, limits[key] ?? 0),
  `{{- if hasKey (index . 1) (index . 2) -}}
{{- ${includeTemplate('exceeds', '(list (index . 0) (get (index . 1) (index . 2)))')} -}}
{{- else -}}
false
{{- end -}}`,
  [exceeds.definition],
);

/** The quantity of a key that the map has. */
export const entryOf = textFunction(
  'entryOf',
  (quantities: Readonly<Record<string, string | number>>, key: string) => String(quantities[key] ?? ''),
  `{{- $value := get (index . 0) (index . 1) -}}
{{- ternary $value (toJson $value) (kindIs "string" $value) -}}`,
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

const mebibytesOf = textFunction(
  'mebibytes',
  (quantity: string | number) => String(mebibytes(quantity)),
  `{{- $text := ternary . (toJson .) (kindIs "string" .) -}}
{{- $number := regexFind "^[0-9.]+" $text -}}
{{- $suffix := trimPrefix $number $text -}}
{{- $factors := dict "" 0.00000095367431640625 "k" 0.00095367431640625 "M" 0.95367431640625 "G" 953.67431640625 "T" 953674.31640625 "P" 953674316.40625 "E" 953674316406.25 -}}
{{- $factors = merge $factors (dict "Ki" 0.0009765625 "Mi" 1.0 "Gi" 1024.0 "Ti" 1048576.0 "Pi" 1073741824.0 "Ei" 1099511627776.0) -}}
{{- $factors = merge $factors (dict "m" 0.00000000095367431640625 "u" 0.00000000000095367431640625 "n" 0.00000000000000095367431640625) -}}
{{- if hasKey $factors $suffix -}}
{{ mulf (float64 $number) (get $factors $suffix) | ceil | int64 }}
{{- else -}}
{{ mulf (float64 $text) (get $factors "") | ceil | int64 }}
{{- end -}}`,
);

const binaryQuantityOf = textFunction(
  'binaryQuantity',
  (count: number) => binaryQuantity(count),
  `{{- if eq (int64 .) 0 -}}
0
{{- else if eq (mod . 1024) 0 -}}
{{ printf "%dGi" (div . 1024) }}
{{- else -}}
{{ printf "%dMi" (int64 .) }}
{{- end -}}`,
);

export const vmCpuLimitOf = textFunction(
  'vmCpuLimit',
  vmCpuLimit,
  '{{- printf "%dm" (add (mul (int64 .) 1000) 500) -}}',
);

export const vmMemoryLimitOf = textFunction(
  'vmMemoryLimit',
  vmMemoryLimit,
  `{{- ${includeTemplate('binaryQuantity', '(add (int64 .) 1024)')} -}}`,
  [binaryQuantityOf.definition],
);

/** Of the memory, the percentage and the limit. */
export const vmMemoryRequestOf = textFunction(
  'vmMemoryRequest',
  (memory: string | number, percent: number, limit?: string | number) =>
    String(vmMemoryRequest(memory, percent, limit)),
  `{{- $bound := add (int64 (index . 0)) 1024 -}}
{{- $percent := int64 (index . 1) -}}
{{- $limit := index . 2 -}}
{{- $least := $bound -}}
{{- if not (kindIs "invalid" $limit) -}}{{- $least = int64 ${includeTemplate('mebibytes', '$limit')} -}}{{- end -}}
{{- if and (not (kindIs "invalid" $limit)) (le $least $bound) (eq $percent 100) -}}
{{ ternary $limit (toJson $limit) (kindIs "string" $limit) }}
{{- else -}}
{{ ${includeTemplate('binaryQuantity', '(div (mul (min $bound $least) $percent) 100)')} }}
{{- end -}}`,
  [binaryQuantityOf.definition, mebibytesOf.definition],
);

export const diskVolumeSizeOf = textFunction(
  'diskVolumeSize',
  diskVolumeSize,
  `{{- ${includeTemplate('binaryQuantity', `(add (int64 ${includeTemplate('mebibytes', '(printf "%si" .)')}) 1024)`)} -}}`,
  [binaryQuantityOf.definition, mebibytesOf.definition],
);

export const sumOfBytes = textFunction(
  'sumBytes',
  sumBytes,
  `{{- $sum := 0 -}}
{{- range (ternary . (list .) (kindIs "slice" .)) -}}
{{- $sum = add $sum (int64 ${includeTemplate('mebibytes', '.')}) -}}
{{- end -}}
{{ ${includeTemplate('binaryQuantity', '$sum')} }}`,
  [binaryQuantityOf.definition, mebibytesOf.definition],
);

export const diskSpaceLimitOf = textFunction(
  'diskSpaceLimit',
  diskSpaceLimit,
  `{{- $request := int64 ${includeTemplate('mebibytes', '(index . 0)')} -}}
{{- $volumes := int64 ${includeTemplate('mebibytes', '(index . 1)')} -}}
{{- ${includeTemplate('binaryQuantity', '(add (max $request $volumes) 1024)')} -}}`,
  [binaryQuantityOf.definition, mebibytesOf.definition],
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
