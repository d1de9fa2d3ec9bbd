// What a count needs of the world: people's facts, which only a vault gives and only for a decision, and a moment.
import type { Decision } from '@mhmd/consent'
import type { Facts } from '@mhmd/fhir'

/** The vault as a count sees it. It yields each person that the decision covers and that has records here, once, with the facts of records of these types alone. Throws as `requireDecision`. */
export interface FactsSource {
  facts(decision: Decision, types: readonly string[]): AsyncIterable<{ readonly subject: string; readonly facts: Facts }>
}
