import {
  AUTHENTICATION,
  base64 as toBase64,
  dnsLabel as toDnsLabel,
  expandPattern,
  hasAuthentication as asksForLogin,
  imageReference as referenceOf,
  labelValue as toLabelValue,
  withHash as addHash,
} from '../../api/values/names';
import { binaryQuantity as printBinary, mebibytes as countMebibytes } from '../../api/values/quantity';
import {
  diskVolumeSize as volumeFor,
  sumBytes as sumOf,
  vmCpuLimit as cpuLimitFor,
  vmMemoryLimit as memoryLimitFor,
} from '../../api/values/sizing';
import { includeTemplate, mapFunction, textFunction } from '@dozlab/charts';

/** The pure functions of a session's constructs: each computed by `values/` and, in the chart, by a named template. */

const withHash = textFunction(
  'withHash',
  addHash,
  `{{- $ends := regexReplaceAll "^[^A-Za-z0-9]+|[^A-Za-z0-9]+$" (index . 0) "" -}}
{{- if $ends }}{{ $ends }}-{{ end }}{{ sha256sum (index . 1) | trunc 8 -}}`,
);

/** A text as a label value. */
export const labelValue = textFunction(
  'labelValue',
  toLabelValue,
  `{{- if regexMatch "^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$" . -}}
{{ . }}
{{- else -}}
{{ ${includeTemplate('withHash', '(list (regexReplaceAll "[^A-Za-z0-9_.-]+" . "-" | trunc 54) .)')} }}
{{- end -}}`,
  [withHash.definition],
);

const dnsLabel = textFunction(
  'dnsLabel',
  toDnsLabel,
  `{{- if and (regexMatch "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$" .) (le (len .) 33) -}}
{{ . }}
{{- else -}}
{{ ${includeTemplate('withHash', '(list (regexReplaceAll "[^A-Za-z0-9]+" . "-" | trunc 24 | lower) .)')} }}
{{- end -}}`,
  [withHash.definition],
);

/** A pattern with {id} and {user} filled in. */
export const fillPattern = textFunction(
  'fillPattern',
  expandPattern,
  `{{- index . 0 | replace "{id}" (index . 1) | replace "{user}" ${includeTemplate('dnsLabel', '(index . 2)')} -}}`,
  [dnsLabel.definition],
);

/** An image reference of a name, a tag and a digest. */
export const imageReference = textFunction(
  'imageReference',
  referenceOf,
  `{{- if regexMatch "@|:[^/]*$" (index . 0) -}}
{{ index . 0 }}
{{- else if kindIs "invalid" (index . 2) -}}
{{ index . 0 }}:{{ index . 1 }}
{{- else -}}
{{ index . 0 }}@{{ index . 2 }}
{{- end -}}`,
);

/** A text in base64. */
export const base64 = textFunction('base64', toBase64, '{{- b64enc . -}}');

const mebibytes = textFunction(
  'mebibytes',
  (quantity: string | number) => String(countMebibytes(quantity)),
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

const binaryQuantity = textFunction(
  'binaryQuantity',
  (count: number) => printBinary(count),
  `{{- if eq (int64 .) 0 -}}
0
{{- else if eq (mod . 1024) 0 -}}
{{ printf "%dGi" (div . 1024) }}
{{- else -}}
{{ printf "%dMi" (int64 .) }}
{{- end -}}`,
);

/** The CPU limit of a microVM's container. */
export const vmCpuLimit = textFunction(
  'vmCpuLimit',
  cpuLimitFor,
  '{{- printf "%dm" (add (mul (int64 .) 1000) 500) -}}',
);

/** The memory limit of a microVM's container. */
export const vmMemoryLimit = textFunction(
  'vmMemoryLimit',
  memoryLimitFor,
  `{{- ${includeTemplate('binaryQuantity', '(add (int64 .) 1024)')} -}}`,
  [binaryQuantity.definition],
);

/** The size of the volume for a disk. */
export const diskVolumeSize = textFunction(
  'diskVolumeSize',
  volumeFor,
  `{{- ${includeTemplate('binaryQuantity', `(add (int64 ${includeTemplate('mebibytes', '(printf "%si" .)')}) 1024)`)} -}}`,
  [binaryQuantity.definition, mebibytes.definition],
);

/** The sum of quantities of bytes. */
export const sumBytes = textFunction(
  'sumBytes',
  sumOf,
  `{{- $sum := 0 -}}
{{- range (ternary . (list .) (kindIs "slice" .)) -}}
{{- $sum = add $sum (int64 ${includeTemplate('mebibytes', '.')}) -}}
{{- end -}}
{{ ${includeTemplate('binaryQuantity', '$sum')} }}`,
  [binaryQuantity.definition, mebibytes.definition],
);

/** Whether annotations ask for a login. */
export const hasAuthentication = mapFunction(
  'hasAuthentication',
  asksForLogin,
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
