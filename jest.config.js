/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test', '<rootDir>/packages'],
  moduleNameMapper: {
    '^@dozlab/charts$': '<rootDir>/packages/charts/src/index.ts',
    '^@dozlab/charts/(.+)$': '<rootDir>/packages/charts/src/$1/index.ts',
  },
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/cluster/', '<rootDir>/test/parity/'],
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/tsconfig.json', diagnostics: false }] },
  testTimeout: 60_000,
};
