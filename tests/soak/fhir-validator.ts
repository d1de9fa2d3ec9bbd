// Soak: the HAPI validator's verdicts beside ours on all of HL7's examples, more of the patients and thousands of mutants. Usage: npm run soak -- fhir-validator [MUTANTS] [SEED]
import { compareVerdicts } from '../../conformance/fhir-validator/compare.ts'

const [mutants = '5000', seed = '1'] = process.argv.slice(2)
const counts = await compareVerdicts({ mutants: Number(mutants), perType: 100, seed: Number(seed), hl7Share: 1 })
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed + counts.skipped > 0 ? 1 : 0
