/** Own code is ESM: run through `npm run jest`, which passes --experimental-vm-modules. */
export default {
  testEnvironment: 'node',
  // Specs with servers and browsers share slow machines; a deadline of their own, which is sooner, says what did not come.
  testTimeout: 120_000,
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test'],
  globalSetup: '<rootDir>/test/support/global-setup.js',
  globalTeardown: '<rootDir>/test/support/global-teardown.js',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
          target: 'es2023',
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: {
    // Jest on Node 20 cannot require() an ES module; only downloads need it, and there are none.
    '^content-disposition$': '<rootDir>/test/support/no-downloads.cjs',
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^@app/([^/]+)/(.*)\\.js$': '<rootDir>/libs/$1/src/$2',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist'],
};
