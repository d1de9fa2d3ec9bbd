// Types and validators of everything that crosses an edge, and the vocabularies as data.
export {}
