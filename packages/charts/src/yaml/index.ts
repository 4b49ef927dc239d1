export { type Manifest, toYaml, yamlOf } from './document';
export { byRank } from './key-order';
export { flow, quoted, scalar } from './scalar';
