export { DozlabError, type ErrorCode } from './core/errors';
export { CohortNamespace, type CohortNamespaceProps } from './constructs/namespace/cohort-namespace';
export { DevicePlugin, type Device, type DevicePluginProps } from './constructs/nodes/device-plugin';
export { FluxRole, type FluxRoleProps } from './constructs/flux/flux-role';
export { ImagePrePull, type ImagePrePullProps } from './constructs/nodes/image-pre-pull';
export { InstructorRole, type InstructorRoleProps } from './constructs/namespace/instructor-role';
export { LabSession } from './constructs/session/lab-session';
export {
  NamespaceIsolation,
  type NamespaceIsolationProps,
  type SessionRules,
} from './constructs/namespace/namespace-isolation';
export { PodPolicy, type PodPolicyProps } from './constructs/namespace/pod-policy';
export { SessionLimitRange, type SessionLimitRangeProps } from './constructs/namespace/limit-range';
export { SessionManagerRole, type SessionManagerRoleProps } from './constructs/namespace/session-manager-role';
export { SessionPodMonitor, type SessionPodMonitorProps } from './constructs/namespace/pod-monitor';
export { SessionQuota, type SessionQuotaProps } from './constructs/namespace/quota';
export {
  SystemNamespace,
  type PodSecurityLevel,
  type SystemNamespaceProps,
} from './constructs/namespace/system-namespace';
export { ViewerRole, type ViewerRoleProps } from './constructs/namespace/viewer-role';
export { loadProject, type LoadedProject } from './source/load-project';
export { type Problem, type ProblemCode } from './core/diagnostics';
export { resolveProject } from './resolve/resolve';
export { type ResolvedProject, type ResolvedSession } from './model/resolved';
export { synthesizeProject, type SynthesizedProject } from './synth/synthesize';
export {
  and,
  type ChartDefinition,
  type ChartMetadata,
  type ChartProps,
  type Choice,
  choose,
  concreteView,
  defineChart,
  each,
  entry,
  given,
  include,
  is,
  isEmpty,
  isSet,
  items,
  type Leaf,
  list,
  type List,
  map,
  mapFunction,
  maybe,
  merge,
  named,
  not,
  type OpenMap,
  type Optional,
  or,
  orElse,
  type OutputFile,
  overlay,
  packageChart,
  type PureFunction,
  quantities,
  quantity,
  same,
  type Scalar,
  some,
  text,
  type Text,
  textFunction,
  toggle,
  type Truth,
  type View,
  when,
} from '@dozlab/charts';
export { renderSession } from './manifests/render-session';
export { readCertificate, type SealingCertificate } from './secrets/certificate';
export { seal, unseal } from './secrets/sealed-secret';
export { PROVIDERS, SCOPES, type Provider, type Scope } from './api/settings/secrets';
export { chartFiles } from './manifests/chart/files';
export { CHART_VERSION, labSessionChart } from './manifests/lab-session-chart';
export { type Manifest, toYaml } from '@dozlab/charts/yaml';
export { checkValues, parseValues, type CheckedValues } from './api/values/check';
export { type Severity, type ValueProblem } from './core/value-problem';
export { valuesSchema, type SessionValues, type SessionValuesInput } from './api/values/schema';
