export { type Manifest, toYaml, yamlOf } from './document';
export { byRank } from './emitter';
export { flow, quoted, scalar } from './scalar';
