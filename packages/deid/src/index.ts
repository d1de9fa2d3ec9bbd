// Privacy models, hierarchies, search, transformation, metrics and risk for tables.
export { hierarchyErrors } from './hierarchies/errors.ts'
export { SUPPRESSED, sourceOf } from './hierarchies/source.ts'
export type { HierarchySource } from './hierarchies/source.ts'
export { hierarchyCsv, hierarchyDocument, hierarchyOfDocument, readHierarchy } from './hierarchies/files.ts'
export type { HierarchyDocument } from './hierarchies/files.ts'
export { compileHierarchy, coverageOf } from './hierarchies/compile.ts'
export type { Coverage } from './hierarchies/compile.ts'
