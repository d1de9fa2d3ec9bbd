// The schema of every value of the state, by the first part of its key.
import { OperationState, decisionsStates, keysStates, participantsStates, procedureStates, sharingStates } from '@mhmd/schema'
import type Type from 'typebox'

export const stateSchemas: Readonly<Record<string, Type.TSchema>> = { operation: OperationState, ...participantsStates, ...keysStates, ...decisionsStates, ...sharingStates, ...procedureStates }
