export { gzipped, packageChart, tarOf } from './render/archive';
export {
  type ChartDefinition,
  type ChartMetadata,
  type ChartProps,
  defineChart,
  functionTemplates,
} from './render/chart';
export type { Printer, Template } from './render/javascript';
export { lazyFile } from './render/lazy-file';
export type { OutputFile } from './render/output-file';
export { compiledTemplate } from './render/precompiled';
export {
  and,
  asBoolean,
  choose,
  each,
  entry,
  equals,
  hasItem,
  include,
  is,
  isEmpty,
  isSet,
  list,
  map,
  merge,
  named,
  not,
  optional,
  or,
  orElse,
  overlay,
  present,
  quantities,
  quantity,
  spread,
  text,
  when,
} from './view/combinators';
export { includeTemplate, mapFunction, type PureFunction, textFunction } from './view/functions';
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
