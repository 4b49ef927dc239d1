export { expectProperty } from '../../packages/charts/test/support/property';
