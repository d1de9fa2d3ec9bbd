// One-process ledger engine on LevelDB, its mutual-TLS server and its client.
export {}
