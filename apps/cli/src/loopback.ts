// Names below `localhost` are this machine (RFC 6761, section 6.3): browsers know that, Node's resolver asks a server. A node on this machine knows both of its names.

/** The address to dial for a node's address. */
export const dialled = (address: string): string => address.replace(/^(https?:\/\/)[a-z0-9-]+\.localhost(?=[:/]|$)/i, (_, scheme: string) => `${scheme}127.0.0.1`)
