// Typed client of a node's people interface for command line and portal.
export { peopleClient } from './people-client.ts'
export type { PeopleClient, PeopleClientOptions } from './people-client.ts'
export { decide, declareOptOut, enrol, onLedger, openAccount, recoverSeed, relink, send, standingChoice, status, uses, withdraw, withdrawOptOut } from './citizen.ts'
export type { Device, Sending, WrapSecret } from './citizen.ts'
export type { DecisionTaken, HolderView, Notice } from './answers.ts'
export { clientErrors } from './errors.ts'
