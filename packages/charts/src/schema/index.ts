export { defaultsOf, unwrap, withoutDefaults } from './defaults';
export { describeValues, type ValueDescription } from './describe';
export { type JsonSchema, jsonSchemaOf, readableByGo, valuesJsonSchema } from './json-schema';
export { parsePath, type Path, pathText } from './path';
export { keysAt, nearest, placesOf } from './suggestions';
export { at, isMapping, leaves, listAt, type Mapping, mergeTrees, mergeTreesKeepingNulls, type Tree } from './tree';
