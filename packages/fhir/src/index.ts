// FHIR R4: streaming readers, validation, quarantine, facts for counting.
export {}
