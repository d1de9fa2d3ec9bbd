// Lint rules that a reviewer would otherwise have to remember; every restriction says its reason in its message.
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

const TESTS = ['**/*.test.ts', '**/testing/**', 'tests/**', 'conformance/**', 'bench/**', '**/*.bench.ts']

const PORT = 'Packages take a Clock, Randomness or settings from their caller (ports of @mhmd/base): only adapters and apps touch the real ones, so that a test can hold them still.'
const clock = [
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: `No wall clock here. ${PORT}` },
  { selector: 'CallExpression[callee.object.name="Date"][callee.property.name="now"]', message: `No wall clock here. ${PORT}` },
]
const randomness = [
  { selector: 'MemberExpression[object.name="Math"][property.name="random"]', message: `Math.random is neither seeded nor unpredictable. ${PORT}` },
]
const environment = [
  { selector: 'MemberExpression[object.name="process"][property.name="env"]', message: 'Only node and apps read the environment: a package that reads it has a setting that no caller sees.' },
]

const DETERMINISTIC = 'Contracts and decisions must come out the same on every machine, or two members disagree about the ledger.'
const pureSyntax = [
  { selector: 'Identifier[name="Date"]', message: `${DETERMINISTIC} Time is the transaction's or an argument, in milliseconds.` },
  { selector: 'MemberExpression[property.name=/^(toLocale.*|localeCompare)$/]', message: `${DETERMINISTIC} Locale data differ between machines: compare with byCodeUnits.` },
  { selector: 'MemberExpression[object.name="Math"][property.name=/^(a?(sin|cos|tan)h?|atan2|exp|expm1|log|log10|log1p|log2|pow|sqrt|cbrt|hypot)$/]', message: `${DETERMINISTIC} The language leaves this function's last digits to the implementation.` },
  { selector: 'ImportExpression', message: `${DETERMINISTIC} What is loaded is fixed when the file is.` },
]
// A cohort is decided as its subjects stream in; a contract has all it may see before it is called.
const synchronous = [
  { selector: ':matches(FunctionDeclaration, FunctionExpression, ArrowFunctionExpression)[async=true]', message: `${DETERMINISTIC} Contracts wait for nothing: engines fetch state before the call.` },
]
const pureGlobals = ['process', 'crypto', 'performance', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'Intl', 'navigator', 'WebSocket']
  .map((name) => ({ name, message: `${DETERMINISTIC} ${name} is outside of it.` }))
const pureImports = {
  patterns: [{ group: ['node:*'], message: `${DETERMINISTIC} No module of the machine is imported here.` }],
  paths: [
    { name: '@mhmd/crypto', importNames: ['newSalt', 'newSigningKey'], message: `${DETERMINISTIC} Random values come in the transaction.` },
    { name: '@mhmd/base', importNames: ['newId'], message: `${DETERMINISTIC} Ids come in the transaction.` },
  ],
}

export default defineConfig(
  { ignores: ['node_modules/', '.cache/', '.devnet/', 'tmp/', '**/dist/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { files: ['**/*.js', '**/*.mjs'], languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } } },
  {
    name: 'typed rules',
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // The compiler reports these, with more knowledge.
      '@typescript-eslint/no-unused-vars': 'off',
      // Ports and operations are plain objects whose methods don't use `this`; classes with state are few and are not taken apart.
      '@typescript-eslint/unbound-method': 'off',
      // An implementation of an asynchronous port may have nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // node:test collects what its functions return by itself.
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite'] }] }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
    },
  },
  {
    name: 'size and plainness',
    files: ['**/*.ts', '**/*.tsx', '**/*.mjs', '**/*.js'],
    rules: {
      // Ten branches, and two for the defaults and optional members that count here as well; a switch over a union is one thought.
      complexity: ['error', { max: 12, variant: 'modified' }],
      'max-depth': ['error', 4],
      'max-params': ['error', 4],
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-param-reassign': 'error',
      // What eslint's own recommendation adds to what the compiler finds.
      'no-constant-condition': ['error', { checkLoops: false }],
      'no-empty': 'error',
      'no-self-compare': 'error',
      'no-sparse-arrays': 'error',
      'no-unsafe-finally': 'error',
      'no-unused-expressions': 'error',
      'no-useless-catch': 'error',
      'no-useless-escape': 'error',
    },
  },
  {
    name: 'packages: time, randomness and environment come in through ports',
    files: ['packages/**/*.ts'],
    ignores: [...TESTS, 'packages/node/**'],
    rules: { 'no-restricted-syntax': ['error', ...clock, ...randomness, ...environment] },
  },
  {
    name: 'node: the clock and randomness come in through ports here too, the environment may be read',
    files: ['packages/node/**/*.ts'],
    ignores: TESTS,
    rules: { 'no-restricted-syntax': ['error', ...clock, ...randomness] },
  },
  {
    name: 'adapters: the environment is for node and apps',
    files: ['adapters/**/*.ts'],
    ignores: TESTS,
    rules: { 'no-restricted-syntax': ['error', ...randomness, ...environment] },
  },
  {
    name: 'contracts and consent: deterministic',
    files: ['packages/contracts/src/**/*.ts', 'packages/consent/src/**/*.ts'],
    ignores: TESTS,
    rules: {
      'no-restricted-syntax': ['error', ...randomness, ...environment, ...pureSyntax],
      'no-restricted-globals': ['error', { globals: pureGlobals, checkGlobalObject: true }],
      'no-restricted-imports': ['error', pureImports],
    },
  },
  {
    name: 'contracts: synchronous as well',
    files: ['packages/contracts/src/**/*.ts'],
    ignores: TESTS,
    rules: { 'no-restricted-syntax': ['error', ...randomness, ...environment, ...pureSyntax, ...synchronous] },
  },
  {
    name: 'packages and adapters report through the Log port',
    files: ['packages/**/*.ts', 'adapters/**/*.ts'],
    ignores: TESTS,
    rules: { 'no-console': 'error' },
  },
  {
    name: 'kernels and parsers: one loop that knows its layout, where a call or an object a row would cost more than it explains',
    files: ['packages/columns/src/**/*.ts', 'packages/deid/src/{kernels,search}/**/*.ts', '**/parser.ts', '**/json-scan.ts'],
    rules: { complexity: 'off', 'max-params': ['error', 6] },
  },
  {
    name: 'tests may look at anything, and may be long',
    files: TESTS,
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      complexity: 'off',
      'max-params': 'off',
    },
  },
)
