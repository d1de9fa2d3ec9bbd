// The errors of `vault`, and the codes that quarantine adds to FHIR's.
import { defineErrors } from '@mhmd/base'

export const vaultErrors = defineErrors('VAULT', {
  KEY_MISSING: { kind: 'unavailable', says: (d: { epoch: string }) => `The epoch key ${d.epoch} that opens this vault is not in the keyring`, remedy: 'The store was restored without its key, or with one from before an erasure. See docs/decisions/0005: records are imported anew from the source systems.' },
  KEY_DAMAGED: { kind: 'unavailable', says: (d: { epoch: string }) => `The epoch key ${d.epoch} is damaged`, remedy: 'Restore the key file from its own safekeeping, or import the records anew from the source systems.' },
  UNKNOWN_SUBJECT: { kind: 'not-found', says: () => 'There is no such subject in this vault', remedy: 'Nothing to do: her records were erased or never were here.' },
  SUBJECT_GONE: { kind: 'conflict', says: () => 'The subject was erased while her records were being written', remedy: 'Run the import again with the same id.' },
  IMPORT_OTHER_SOURCES: { kind: 'conflict', says: (d: { import: string; sources: number }) => `The import ${d.import} was begun with ${d.sources} sources, not with these`, remedy: 'Resume an import with the same sources in the same order, or begin one with a new id.' },
  IMPORT_STOPPED: { kind: 'unavailable', says: (d: { import: string }) => `The import ${d.import} was stopped`, remedy: 'Run it again with the same id and sources: it goes on where it stopped.' },
  NO_PATIENT: { kind: 'invalid', says: () => 'The record names no patient, so that it could not be erased with her', remedy: 'Give the record a reference to its patient and import it again.' },
  PATIENT_NOT_FOUND: { kind: 'invalid', says: () => 'The record names its patient by a search that finds nobody here', remedy: 'Import the Patient first, or name her by Patient/id.' },
  IDENTIFIER_CONFLICT: { kind: 'conflict', says: () => 'The patient has an identifier that belongs to another patient here; the records were taken, and the two kept apart', remedy: 'Have the steward look at the two records; merging them is a decision of its own.' },
})
