// A node's configuration, as its folder holds it.

/** Where a node listens, who it is, and which member orders the ledger. Holds no secret. */
export interface NodeConfig {
  readonly id: string
  readonly name: string
  readonly country: string
  readonly roles: readonly string[]
  /** The port other members reach by mutual TLS. */
  readonly member: { readonly host: string; readonly port: number; readonly serverName: string }
  /** The port people's devices and staff reach; plain http is allowed on loopback only. */
  readonly people: {
    readonly host: string
    readonly port: number
    /** By which address browsers reach it, where a proxy that speaks TLS stands before it: `https://share.hospital.example`. */
    readonly origin?: string
  }
}
