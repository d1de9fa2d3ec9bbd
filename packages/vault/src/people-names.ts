// How identifiers and references of the source system are named in the table of people.

/** An identifier in the holder's own systems, as FHIR writes it. */
export interface LocalIdentifier {
  readonly system: string
  readonly value: string
}

export const identifierName = ({ system, value }: LocalIdentifier): string => `identifier\n${system}\n${value}`
export const referenceName = (reference: string): string => `reference\n${reference}`
