// The 22 test files of the SQL on FHIR v2 specification (conformance/sql-on-fhir-v2/): every view over the file's resources, every expected row and error.
// Usage: npm run conformance -- sql-on-fhir
// Only computes
import { casesIn, judge } from './support/sql-on-fhir-cases.ts'

const cases = casesIn()
const counts = { passed: 0, failed: 0 }
for (const one of cases) {
  const wrong = judge(one)
  if (wrong === undefined) counts.passed++
  else {
    counts.failed++
    console.log(`FAILED ${one.file}: ${one.title}: ${wrong}`)
  }
}
console.log(`${new Set(cases.map(({ file }) => file)).size} files, ${cases.length} cases`)
console.log(`${counts.passed} passed, ${counts.failed} failed, 0 skipped`)
if (counts.failed > 0 || cases.length !== 134) process.exitCode = 1
