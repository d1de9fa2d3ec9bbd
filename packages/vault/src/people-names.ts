// How identifiers and references of the source system are named in the table of people.
import { toHex } from '@mhmd/base'

/** An identifier in the holder's own systems, as FHIR writes it. */
export interface LocalIdentifier {
  readonly system: string
  readonly value: string
}

export const identifierName = ({ system, value }: LocalIdentifier): string => `identifier\n${system}\n${value}`
export const referenceName = (reference: string): string => `reference\n${reference}`
export const referenceOf = (name: string): string => name.slice(referenceName('').length)
export const aliasName = (alias: Uint8Array): string => `alias\n${toHex(alias)}`
