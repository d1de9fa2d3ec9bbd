// The three functions of the reflect-metadata proposal that @peculiar/x509's registry (tsyringe) asks for before it loads. Import this file first.
// Left out: metadata on properties and inheritance along prototypes, which the registry never uses.

const metadata = new WeakMap<object, Map<unknown, unknown>>()

const get = (key: unknown, target: object): unknown => metadata.get(target)?.get(key)

const define = (key: unknown, value: unknown, target: object): void => {
  const own = metadata.get(target) ?? new Map<unknown, unknown>()
  metadata.set(target, own.set(key, value))
}

// A complete implementation that somebody else loaded first stays in place.
if (!('getMetadata' in Reflect)) Object.assign(Reflect, { getMetadata: get, getOwnMetadata: get, defineMetadata: define })
