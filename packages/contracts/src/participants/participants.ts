// `participants@1`: who is a member of the network, with which keys, and who is its staff.
import { contract } from '../define-operation.ts'
import { admit } from './admit.ts'
import { genesis } from './genesis.ts'
import { propose } from './propose.ts'
import { rotate } from './rotate.ts'
import { staff } from './staff.ts'
import { reinstate, suspend } from './standing.ts'

export const participants = contract('participants', 1, { genesis, propose, admit, rotate, suspend, reinstate, staff })
