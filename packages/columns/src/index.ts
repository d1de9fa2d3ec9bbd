// Typed-array tables, dictionaries, bitsets and group-by kernels.
export {}
