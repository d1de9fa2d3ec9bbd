// The levels of validation that a steward may choose for an import.
import type { ValidationLevel } from '@mhmd/fhir'

export const levels: readonly ValidationLevel[] = ['structure', 'full']
