import {
  AUTHENTICATION,
  base64,
  dnsLabel,
  expandPattern,
  hasAuthentication,
  imageReference,
  labelValue,
  withHash,
} from '../../api/values/names';
import { binaryQuantity, mebibytes } from '../../api/values/quantity';
import { diskVolumeSize, sumBytes, vmCpuLimit, vmMemoryLimit, vmMemoryRequest } from '../../api/values/sizing';
import { includeTemplate, mapFunction, textFunction } from '@dozlab/charts';

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
