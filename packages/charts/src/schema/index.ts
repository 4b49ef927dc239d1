export { defaultsOf, unwrap } from './defaults';
export { describeValues, type ValueDescription } from './describe';
export { type JsonSchema, jsonSchemaOf, valuesJsonSchema } from './json-schema';
export { parsePath } from './path';
export { keysAt, nearest, placesOf } from './suggestions';
export {
  at,
  isMapping,
  leaves,
  listAt,
  type Mapping,
  mergeTrees,
  mergeTreesKeepingNulls,
  type Path,
  pathText,
  type Tree,
} from './tree';
export { withoutDefaults } from './without-defaults';
