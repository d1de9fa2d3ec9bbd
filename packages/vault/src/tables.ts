// The vault's tables in the node's store, and how their values are sealed. Who holds the store alone can open nothing here.
//
// vault-epoch    ('current')                 → the epoch's id, and what an erasure under way has still to do
// vault-keys     (subject)                   → the subject's data key, sealed under the epoch key
// vault-people   (MAC of a local identifier) → {identifier, subject}, sealed under the epoch key; the MAC's key is derived from the epoch key
// vault-records  (subject, MAC of Type, MAC of Type/id) → MAC of the text's digest ‖ the text, sealed under the subject's key; the MACs' keys are derived from it
// vault-facts    (subject, MAC of Type, sequence)       → facts of the records of one type in one batch, sealed under the subject's key
// vault-owners   (MAC of Type/id, under the key of shared records) → alias of the subject whose record it is. An alias is derived from her key; vault-people leads from it to her
// vault-links    (subject, MAC of Patient/id) → what her Patient record says of other patients (Patient.link), sealed under the subject's key
// vault-origins  (subject, import)           → how many records of hers an import added or changed
// vault-imports  (import)                    → cursor and counts
// vault-issues   (import, source, place)     → paths and codes, no values
export const tables = { epoch: 'vault-epoch', keys: 'vault-keys', people: 'vault-people', records: 'vault-records', facts: 'vault-facts', owners: 'vault-owners', links: 'vault-links', origins: 'vault-origins', imports: 'vault-imports', issues: 'vault-issues' } as const

/** Records about no patient (organisations, practitioners, definitions) stand under a key of the holder's own. */
export const SHARED = 'shared'
