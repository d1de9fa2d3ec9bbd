// The store port on node:sqlite.
export {}
