// The store port on PostgreSQL.
export {}
