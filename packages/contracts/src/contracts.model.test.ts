// The model-based tests on the plain engine and on the fake of Fabric's stub; the embedded engine runs them in its own room.
import { contractModel } from '../testing/contract-model.ts'
import { MemoryEngine } from '../testing/engine.ts'
import { FakeFabricEngine } from '../testing/fabric-wrapper.ts'

contractModel('a map in memory', () => new MemoryEngine())
contractModel('the fake Fabric stub', () => new FakeFabricEngine())
