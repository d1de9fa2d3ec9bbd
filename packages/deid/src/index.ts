// Privacy models, hierarchies, search, transformation, metrics and risk for tables.
export {}
