export { DozlabError, type ErrorCode } from './errors';
export { CohortNamespace, type CohortNamespaceProps } from './constructs/cohort-namespace';
export { DevicePlugin, type Device, type DevicePluginProps } from './constructs/device-plugin';
export { FluxRole, type FluxRoleProps } from './constructs/flux-role';
export { ImagePrePull, type ImagePrePullProps } from './constructs/image-pre-pull';
export { InstructorRole, type InstructorRoleProps } from './constructs/instructor-role';
export { LabSession } from './constructs/lab-session';
export { NamespaceIsolation, type NamespaceIsolationProps, type SessionRules } from './constructs/namespace-isolation';
export { PodPolicy, type PodPolicyProps } from './constructs/pod-policy';
export { SessionLimitRange, type SessionLimitRangeProps } from './constructs/session-limit-range';
export { SessionManagerRole, type SessionManagerRoleProps } from './constructs/session-manager-role';
export { SessionPodMonitor, type SessionPodMonitorProps } from './constructs/session-pod-monitor';
export { SessionQuota, type SessionQuotaProps } from './constructs/session-quota';
export { SystemNamespace, type PodSecurityLevel, type SystemNamespaceProps } from './constructs/system-namespace';
export { ViewerRole, type ViewerRoleProps } from './constructs/viewer-role';
export { loadProject, type LoadedProject } from './project/load';
export { type Problem, type ProblemCode } from './project/problem';
export { resolveProject } from './project/resolve';
export { type ResolvedProject, type ResolvedSession } from './project/resolved';
export { synthesizeProject, type SynthesizedProject } from './project/synth';
export { type OutputFile } from './render/output-file';
export { renderSession } from './output/session';
export { readCertificate, type SealingCertificate } from './secrets/certificate';
export { seal, unseal } from './secrets/sealed-secret';
export { PROVIDERS, SCOPES, type Provider, type Scope } from './secrets/settings';
export { chartFiles } from './output/chart-files';
export { CHART_VERSION, labSessionChart } from './output/lab-session-chart';
export { packageChart } from './render/chart-package';
export { defineChart, type ChartDefinition, type ChartMetadata, type ChartProps } from './render/define-chart';
export {
  and,
  choose,
  each,
  entry,
  given,
  include,
  is,
  isEmpty,
  isSet,
  items,
  list,
  map,
  maybe,
  merge,
  named,
  not,
  or,
  orElse,
  overlay,
  quantities,
  quantity,
  same,
  some,
  text,
  toggle,
  when,
} from './view/combinators';
export { mapFunction, textFunction, type PureFunction } from './view/function';
export {
  concreteView,
  type Choice,
  type Leaf,
  type List,
  type OpenMap,
  type Optional,
  type Scalar,
  type Text,
  type Truth,
  type View,
} from './view/view';
export { toYaml, type Manifest } from './render/yaml';
export { checkValues, parseValues, type CheckedValues } from './values/parse';
export { type Severity, type ValueProblem } from './values/problem';
export { valuesSchema, type SessionValues, type SessionValuesInput } from './values/schema';
