// Charts
export { type ChartDefinition, type ChartMetadata, type ChartProps, defineChart } from './render/chart';
export type { Constructs } from './render/resources';

// What constructs see
export {
  type Bool,
  type Choice,
  concreteView,
  type Leaf,
  type List,
  type OpenMap,
  type Optional,
  type Scalar,
  type Text,
  type View,
} from './view/view';

// Combinators
export { and, asBoolean, equals, isSet, matches, not, or } from './view/conditions';
export { each, hasItem, isEmpty, list, spread } from './view/lists';
export { entry, map, merge, overlay, quantities } from './view/maps';
export { is, optional, orElse, present, quantity, text } from './view/values';
export { choose, include, named, when } from './view/when';

// Rules over several values
export { type Check, type Checks, checkEach, checkEntries, refuse } from './view/checks';
export { type Fault, faultLine, faultsOf, type Rules } from './render/rules';

// Functions of values
export { functionTemplates } from './render/helm-templates';
export {
  includeTemplate,
  type MapFunction,
  mapFunction,
  type NumberFunction,
  numberFunction,
  type PureFunction,
  type TextFunction,
  textFunction,
  type TruthFunction,
  truthFunction,
} from './view/functions';

// Files
export { gzipped, type OutputFile, packageChart, tarOf } from './render/archive';

// Programs that are compiled ahead of time
export { type CompiledChart, type CompiledTemplate, linkProgram, type Printer } from './render/javascript';
