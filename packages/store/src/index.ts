// The node's ordered key-value store port, tuple layout and its contract suite.
export {}
