// The ready views, as data (../../views/): what most tables of a holder begin with.
import type { ViewDefinition } from '@mhmd/schema'
import conditions from '../../views/conditions.json' with { type: 'json' }
import demographics from '../../views/demographics.json' with { type: 'json' }
import encounters from '../../views/encounters.json' with { type: 'json' }
import immunizations from '../../views/immunizations.json' with { type: 'json' }
import labs from '../../views/labs.json' with { type: 'json' }
import medications from '../../views/medications.json' with { type: 'json' }
import procedures from '../../views/procedures.json' with { type: 'json' }
import vitalSigns from '../../views/vital_signs.json' with { type: 'json' }

/** By name. A test holds each against the schema and FHIR's definitions. */
export const readyViews: ReadonlyMap<string, ViewDefinition> = new Map([demographics, conditions, labs, vitalSigns, medications, encounters, procedures, immunizations].map((view): [string, ViewDefinition] => [view.name, view as ViewDefinition]))
