// Reads every import of the repository with dependency-cruiser, so that directions are checked and the graph is drawn from the same facts.
import { globSync } from 'node:fs'
import { cruise, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser'

export const root = new URL('..', import.meta.url).pathname

/** One import, type-only ones included. Paths are relative to the repository's root. */
export interface Import {
  readonly from: string
  readonly specifier: string
  readonly to: string
}

/** Where code lives: `packages/base/src/ids.ts` is in room `packages/base`; a file outside packages, adapters and apps is in none. */
export const roomOf = (path: string): string | undefined => /^(packages|adapters|apps)\/[^/]+/.exec(path)?.[0]

/** A test, or a suite or fixture that only tests use. */
export const isTest = (path: string): boolean => /\.test\.ts$|\/testing\/|^(tests|conformance|bench)\/|\.bench\.ts$/.test(path)

export async function readImports(ruleSet: IFlattenedRuleSet = {}, base = root): Promise<{ readonly imports: readonly Import[]; readonly result: ICruiseResult }> {
  const folders = globSync(['packages', 'adapters', 'apps', 'tools', 'tests', 'bench', 'conformance'], { cwd: base })
  const { output } = await cruise(folders, {
    baseDir: base,
    ruleSet,
    validate: true,
    tsPreCompilationDeps: true,
    doNotFollow: { path: ['node_modules'] },
    exclude: { path: ['\\.mjs$'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'], extensions: ['.ts', '.js', '.json'] },
  })
  const result = output as ICruiseResult
  return { result, imports: result.modules.flatMap((module) => module.dependencies.map((dependency) => ({ from: module.source, specifier: dependency.module, to: dependency.resolved }))) }
}
