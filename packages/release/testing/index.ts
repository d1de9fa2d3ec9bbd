// For tests, judges and benches: synthetic people with rows, a dataset over them, decisions about them, and whose each written row is.
export { dataset, datasetId, decided, now, personRows, request, secret, sourceOf } from './people.ts'
export { peopleAsWritten } from './as-written.ts'
