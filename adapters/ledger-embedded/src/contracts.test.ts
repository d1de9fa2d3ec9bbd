// The contract suite and the model-based tests on the embedded engine: the same named tests as on the plain one and on the fake of Fabric's stub.
import { contractModel, contractSuite } from '@mhmd/contracts/testing'
import { embeddedContractEngine } from '../testing/contract-engine.ts'

contractSuite('the embedded engine', embeddedContractEngine)
contractModel('the embedded engine', embeddedContractEngine)
