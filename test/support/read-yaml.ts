export { readYaml } from '../../packages/charts/test/support/read-yaml';
