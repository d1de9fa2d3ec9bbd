// The shape of a catalogue: the English one's keys, each with some text.
export type CatalogueLike<C> = { readonly [K in keyof C]: C[K] extends string ? string : CatalogueLike<C[K]> }
