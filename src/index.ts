export { DozlabError, type ErrorCode } from './core/errors';
export { DevicePlugin, type DevicePluginProps } from './constructs/nodes/device-plugin';
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
export { SessionManagerRole, type SessionManagerRoleProps } from './constructs/namespace/session-manager-role';
export { SessionPodMonitor, type SessionPodMonitorProps } from './constructs/namespace/pod-monitor';
export {
  type ResourceQuantities,
  SessionLimitRange,
  type SessionLimitRangeProps,
  SessionQuota,
  type SessionQuotaProps,
} from './constructs/namespace/quota';
export { type PodSecurityLevel, SystemNamespace, type SystemNamespaceProps } from './constructs/namespace/namespace';
export { ViewerRole, type ViewerRoleProps } from './constructs/namespace/viewer-role';
export type { Documents } from './source/document';
export { loadProject } from './source/load-project';
export { type Problem, type ProblemCode } from './core/diagnostics';
export { resolveProject } from './resolve/resolve';
export type { Device, ResolvedProject } from './model/project';
export type { Session } from './model/session';
export { type SynthesizedProject, synthesizeProject } from './synth/synthesize';
export {
  and,
  asBoolean,
  type Bool,
  type ChartDefinition,
  type ChartMetadata,
  type ChartProps,
  type Choice,
  choose,
  concreteView,
  defineChart,
  each,
  entry,
  equals,
  hasItem,
  include,
  is,
  isEmpty,
  isSet,
  type Leaf,
  type List,
  list,
  map,
  mapFunction,
  merge,
  named,
  not,
  type OpenMap,
  type Optional,
  optional,
  or,
  orElse,
  type OutputFile,
  overlay,
  packageChart,
  present,
  type PureFunction,
  quantities,
  quantity,
  type Scalar,
  spread,
  type Text,
  text,
  textFunction,
  type View,
  when,
} from '@dozlab/charts';
export { readCertificate, type SealingCertificate } from './secrets/certificate';
export { type Scope, SCOPES, seal, unseal } from './secrets/seal';
export { chartFiles } from './manifests/chart/files';
export { CHART_VERSION, labSessionChart, renderSession } from './manifests/lab-session-chart';
export { type Manifest, toYaml } from '@dozlab/charts/yaml';
export { type CheckedValues, checkValues, parseValues } from './api/values/check';
export type { Severity, ValueProblem } from './core/diagnostics';
export { type SessionValues, type SessionValuesInput, valuesSchema } from './api/values/schema';
