// Keys by which rows of different views are joined: of a resource, and of the resource a reference is to (SQL on FHIR v2, getResourceKey and getReferenceKey).

type Members = Readonly<Record<string, unknown>>

const TAIL = /(?:^|\/)([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/

export function resourceKey(resource: unknown): string | undefined {
  const { resourceType, id } = (resource ?? {}) as Members
  return typeof resourceType === 'string' && typeof id === 'string' ? `${resourceType}/${id}` : undefined
}

/** `type`: only of references to such resources. A reference by urn doesn't name its type: it is believed to be of the type asked for. */
export function referenceKey(reference: unknown, type: string | undefined): string | undefined {
  const { reference: text, type: told } = (reference ?? {}) as Members
  if (typeof text !== 'string') return undefined
  const found = TAIL.exec(text)
  if (found !== null) return type === undefined || type === found[1] ? `${found[1]}/${found[2]}` : undefined
  const uuid = /^urn:uuid:(.+)$/.exec(text)?.[1]
  return uuid === undefined ? undefined : keyOfUuid(uuid, type, told)
}

function keyOfUuid(uuid: string, wanted: string | undefined, told: unknown): string | undefined {
  if (wanted !== undefined && told !== undefined && told !== wanted) return undefined
  const type = wanted ?? told
  return typeof type === 'string' ? `${type}/${uuid}` : uuid
}
