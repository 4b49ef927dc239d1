import { includeTemplate, textFunction, truthFunction } from '@dozlab/charts';
import {
  binaryQuantity,
  exceeds as isMore,
  isByteSize as isSize,
  isCountable as isCountableQuantity,
  mebibytes,
  nano,
} from './quantity';
import { diskSpaceLimit, diskVolumeSize, sumBytes, vmCpuLimit, vmMemoryLimit, vmMemoryRequest } from './sizing';

/** Constructs call the TypeScript, charts the named templates. */

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
  // A float has no room for the fraction of a large amount. The rest of (fraction × factor) by the fraction's unit is exact.
  `{{- $amount := round (float64 ${includeTemplate('amount', '.')}) 3 -}}
{{- $isWhole := eq $amount (floor $amount) -}}
{{- $text := ternary . (toJson .) (kindIs "string" .) -}}
{{- if regexMatch "^[0-9.]+([KMGTPE]i|[kMGTPE])?$" $text -}}
{{- $fraction := regexReplaceAll "^[.]|0+$" (regexFind "[.][0-9]*" $text) "" -}}
{{- $unit := int64 (printf "1%s" (repeat (len $fraction) "0")) -}}
{{- $factors := dict "" 1 "k" 1000 "M" 1000000 "G" 1000000000 "T" 1000000000000 "P" 1000000000000000 "E" 1000000000000000000 -}}
{{- $factors = merge $factors (dict "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 "Pi" 1125899906842624 "Ei" 1152921504606846976) -}}
{{- $factor := get $factors (regexFind "[A-Za-z]*$" $text) -}}
{{- $digits := regexReplaceAll "^0+" $fraction "" | default "0" -}}
{{- $isWhole = eq 0 (int (mod (mul (int64 $digits) (mod $factor $unit)) $unit)) -}}
{{- end -}}
{{- and $isWhole (lt $amount 9223372036854775808.0) -}}`,
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
