/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  testMatch: ['**/*.browser.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
