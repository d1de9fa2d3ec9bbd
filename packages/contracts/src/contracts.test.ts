// The contract suite on the plain engine and on the fake of Fabric's stub.
import { contractSuite } from '../testing/contract-suite.ts'
import { MemoryEngine } from '../testing/engine.ts'
import { FakeFabricEngine } from '../testing/fabric-wrapper.ts'

contractSuite('a map in memory', () => new MemoryEngine())
contractSuite('the fake Fabric stub', () => new FakeFabricEngine())
