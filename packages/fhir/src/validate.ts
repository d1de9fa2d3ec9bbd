// Validates one resource against FHIR R4: types, formats, cardinality, required bindings, choices, references; at level `full` also the invariants.
// Left out here: bindings to value sets that need a terminology service, and best practice (dom-6).
import { isAddressWrong } from './bundle-rules.ts'
import { checkOfResource, containedTypes } from './compile.ts'
import type { Run } from './compile.ts'
import type { Issue } from './errors.ts'
import { resourceTypes } from './definitions.ts'
import { checkProfile } from './profiles/check-profile.ts'
import type { Profile } from './profiles/read-profile.ts'

/** `structure` is what an import needs to be sound; `full` adds the invariants. */
export type ValidationLevel = 'structure' | 'full'

export interface ValidationContext {
  /** `structure` by default. */
  readonly level?: ValidationLevel
  /** Profiles at hand; at level `full` a resource is held to those that it names in `meta.profile`. */
  readonly profiles?: readonly Profile[]
  /** Called with every literal reference to another resource. */
  readonly onReference?: (reference: string) => void
  /** The type of a resource referred to: undefined where it can't be told here, null where it is known not to be there. */
  readonly resolve?: (reference: string) => string | null | undefined
}

type Members = Readonly<Record<string, unknown>>

/** Every issue found, none for a valid resource. An issue holds a path and a code, never a value. */
export function validateResource(resource: unknown, context: ValidationContext = {}): readonly Issue[] {
  if (typeof resource !== 'object' || resource === null || Array.isArray(resource)) return [{ path: '', code: 'FHIR_WRONG_TYPE', severity: 'error' }]
  const members = resource as Members
  const run: Run = { issues: [], contained: containedTypes(members), onReference: context.onReference, resolve: context.resolve, full: context.level === 'full', resource: members, root: members }
  checkOfResource(members, run, 0)
  checkContainedShape(members, run)
  if (run.full) checkFully(members, run, context.profiles ?? [])
  const type = members['resourceType']
  const root = typeof type === 'string' && resourceTypes.has(type) ? type : 'Resource'
  for (const issue of run.issues) issue.path = root + issue.path
  return run.issues
}

/** Contained resources have ids, and contain nothing themselves (dom-2). */
function checkContainedShape(resource: Members, run: Run): void {
  const list = resource['contained']
  if (!Array.isArray(list)) return
  list.forEach((one: unknown, index) => {
    if (typeof one !== 'object' || one === null) return
    if ((one as Members)['id'] === undefined || (one as Members)['contained'] !== undefined) run.issues.push({ path: `.contained[${index}]`, code: 'FHIR_CONTAINED_SHAPE', severity: 'error' })
  })
}

function checkAddresses(bundle: Members, run: Run): void {
  if (!Array.isArray(bundle['entry'])) return
  bundle['entry'].forEach((entry: unknown, index) => {
    if (typeof entry === 'object' && entry !== null && isAddressWrong(bundle['type'], entry as Members)) run.issues.push({ path: `.entry[${index}]`, code: 'FHIR_BUNDLE_ADDRESS', severity: 'error' })
  })
}

function checkFully(members: Members, run: Run, profiles: readonly Profile[]): void {
  if (members['resourceType'] === 'Bundle') checkAddresses(members, run)
  if (run.issues.some(({ severity }) => severity === 'error')) return
  for (const profile of claimedProfiles(members, profiles)) run.issues.push(...checkProfile(members, profile).map((issue) => ({ ...issue, profile: profile.url })))
}

function claimedProfiles(resource: Members, profiles: readonly Profile[]): Profile[] {
  const claimed = (resource['meta'] as Members | undefined)?.['profile']
  if (!Array.isArray(claimed)) return []
  const urls = new Set(claimed.map((url) => String(url).split('|')[0]))
  return profiles.filter(({ url, type }) => type === resource['resourceType'] && urls.has(url))
}
