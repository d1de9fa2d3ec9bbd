// Typed client of a node's people interface for command line and portal.
export {}
