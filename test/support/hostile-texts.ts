export { HOSTILE_TEXTS } from '../../packages/charts/test/support/hostile-texts';
