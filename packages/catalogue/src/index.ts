// Datasets before they are offered: profile, suggestions, checks, the catalogue's entry.
export { catalogueErrors } from './errors.ts'
export { checkDataset } from './check.ts'
export { entryOf, entryOfDescription } from './entry.ts'
export { peopleAlone, profileTable } from './profile.ts'
export type { ColumnProfile, DatasetProfile, ValueKind } from './profile.ts'
export { hierarchyOver, previewHierarchy } from './hierarchy-preview.ts'
export type { HierarchyGiven, HierarchyPreview } from './hierarchy-preview.ts'
export { suggestColumns } from './suggest.ts'
