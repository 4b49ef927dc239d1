export { gzipped, tarOf } from './render/archive';
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
export { packageChart } from './render/package';
export { compiledTemplate } from './render/precompiled';
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
export { includeTemplate, mapFunction, type PureFunction, textFunction } from './view/functions';
export {
  type Choice,
  concreteView,
  type Leaf,
  type List,
  type OpenMap,
  type Optional,
  type Scalar,
  type Text,
  type Truth,
  type View,
} from './view/view';
