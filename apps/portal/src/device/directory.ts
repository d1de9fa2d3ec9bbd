// The network's members as this page's node lists them, and where this browser reaches each.
import { newSigningKey } from '@mhmd/crypto'
import { peopleClient, readDirectory } from '@mhmd/client'
import type { Directory, Member } from '@mhmd/client'
import { clock, randomness } from './ports.ts'

/** Asked with a key that is used for nothing else. */
export const directoryHere = (): Promise<Directory> => readDirectory(peopleClient({ baseUrl: location.origin, key: newSigningKey().key, clock, randomness }))

/** This page's own node is reached where the page came from. */
export const dialledFrom = ({ self }: Directory) => ({ id, peopleEndpoint }: Member): string => id === self ? location.origin : peopleEndpoint
