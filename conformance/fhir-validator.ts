// Judge: the HAPI FHIR validator 8.8.1 (Maven). Its verdicts beside ours at level `full`, on seed patients, the reference data where they are, and resources with one thing broken.
// Every difference needs a line with a reason in fhir-validator/differences.ts. Usage: npm run conformance -- fhir-validator [--mutants COUNT] [--per-type COUNT] [--seed SEED]
// Debian packages: openjdk-17-jdk-headless, maven
// Only computes
import { compareVerdicts } from './fhir-validator/compare.ts'

const option = (name: string, otherwise: number): number => Number(process.argv.includes(`--${name}`) ? process.argv[process.argv.indexOf(`--${name}`) + 1] : otherwise)

const counts = await compareVerdicts({ mutants: option('mutants', 420), perType: option('per-type', 8), seed: option('seed', 20_261), hl7Share: option('hl7-share', 4) })
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed + counts.skipped > 0 ? 1 : 0
