// The configuration of the channel as configtxgen reads it (JSON is YAML), and of its processes: BFT ordering by four organisations, endorsement by a majority.
import { join } from 'node:path'
import { databasesOf } from './databases.ts'
import { hostOf, orderersOf, peersOf } from './layout.ts'
import type { NetworkPlan, OrdererPlace, PeerPlace } from './layout.ts'

const signature = (rule: string): object => ({ Type: 'Signature', Rule: rule })
const implicit = (rule: string): object => ({ Type: 'ImplicitMeta', Rule: rule })
const meta = { Readers: implicit('ANY Readers'), Writers: implicit('ANY Writers'), Admins: implicit('MAJORITY Admins') }

export function ordererOrganisation({ msp, crypto, port }: OrdererPlace): object {
  const either = `OR('${msp}.admin','${msp}.member')`
  return { Name: msp, ID: msp, MSPDir: join(crypto, 'msp'), OrdererEndpoints: [`localhost:${port}`], Policies: { Readers: signature(either), Writers: signature(either), Admins: signature(`OR('${msp}.admin')`) } }
}

export function peerOrganisation({ msp, crypto, port }: PeerPlace): object {
  return {
    Name: msp, ID: msp, MSPDir: join(crypto, 'msp'), AnchorPeers: [{ Host: 'localhost', Port: port }],
    Policies: {
      Readers: signature(`OR('${msp}.admin','${msp}.peer','${msp}.client')`), Writers: signature(`OR('${msp}.admin','${msp}.client')`),
      Admins: signature(`OR('${msp}.admin')`), Endorsement: signature(`OR('${msp}.peer')`),
    },
  }
}

const consenter = (place: OrdererPlace, at: number): object => ({
  ID: at + 1, Host: 'localhost', Port: place.port, MSPID: place.msp, Identity: join(hostOf(place), 'msp/signcerts/cert.pem'),
  ClientTLSCert: join(hostOf(place), 'tls/server.crt'), ServerTLSCert: join(hostOf(place), 'tls/server.crt'),
})

const smartBft = {
  RequestBatchMaxCount: 500, RequestBatchMaxBytes: 10485760, RequestBatchMaxInterval: '200ms', IncomingMessageBufferSize: 200, RequestPoolSize: 100000, RequestForwardTimeout: '1s',
  RequestComplainTimeout: '3s', RequestAutoRemoveTimeout: '3m0s', ViewChangeResendInterval: '1s', ViewChangeTimeout: '5s', LeaderHeartbeatTimeout: '6s', LeaderHeartbeatCount: 10, CollectTimeout: '1s',
}

export function channelConfig(plan: NetworkPlan): object {
  const orderers = orderersOf(plan)
  return {
    Profiles: {
      Channel: {
        Policies: meta, Capabilities: { V3_0: true },
        Orderer: {
          OrdererType: 'BFT', BatchTimeout: '200ms', BatchSize: { MaxMessageCount: 500, AbsoluteMaxBytes: '10 MB', PreferredMaxBytes: '2 MB' }, ConsenterMapping: orderers.map(consenter), SmartBFT: smartBft,
          Policies: { ...meta, BlockValidation: implicit('ANY Writers') }, Capabilities: { V2_0: true }, Organizations: orderers.map(ordererOrganisation),
        },
        Application: {
          Policies: { ...meta, LifecycleEndorsement: implicit('MAJORITY Endorsement'), Endorsement: implicit('MAJORITY Endorsement') },
          Capabilities: { V2_5: true }, Organizations: peersOf(plan).map(peerOrganisation),
        },
      },
    },
  }
}

const tlsOf = (place: OrdererPlace | PeerPlace): { key: string; cert: string; ca: string } => ({ key: join(hostOf(place), 'tls/server.key'), cert: join(hostOf(place), 'tls/server.crt'), ca: join(hostOf(place), 'tls/ca.crt') })

/** `orderer.yaml` of one orderer. */
export function ordererConfig(plan: NetworkPlan, place: OrdererPlace): object {
  const tls = tlsOf(place)
  const roots = orderersOf(plan).map((each) => tlsOf(each).ca)
  return {
    General: {
      ListenAddress: '127.0.0.1', ListenPort: place.port, TLS: { Enabled: true, PrivateKey: tls.key, Certificate: tls.cert, RootCAs: [tls.ca], ClientAuthRequired: false },
      Cluster: { ClientCertificate: tls.cert, ClientPrivateKey: tls.key, RootCAs: roots, SendBufferSize: 100 }, LocalMSPID: place.msp, LocalMSPDir: join(hostOf(place), 'msp'),
      BCCSP: { Default: 'SW', SW: { Hash: 'SHA2', Security: 256 } }, Authentication: { TimeWindow: '15m' }, Keepalive: { ServerMinInterval: '5s', ServerInterval: '2h', ServerTimeout: '20s' }, BootstrapMethod: 'none',
    },
    FileLedger: { Location: databasesOf(place) },
    Consensus: { WALDir: join(place.data, 'wal'), SnapDir: join(place.data, 'snapshots') },
    ChannelParticipation: { Enabled: true, MaxRequestBodySize: '1 MB' },
    Admin: { ListenAddress: `127.0.0.1:${place.admin}`, TLS: { Enabled: true, Certificate: tls.cert, PrivateKey: tls.key, RootCAs: [tls.ca], ClientAuthRequired: true, ClientRootCAs: [tls.ca] } },
    Operations: { ListenAddress: `127.0.0.1:${place.operations}`, TLS: { Enabled: false } }, Metrics: { Provider: 'disabled' },
  }
}

/** `core.yaml` of one peer: `builder` is the folder of the external builder. */
export function peerConfig(plan: NetworkPlan, place: PeerPlace, builder: string): object {
  const tls = tlsOf(place)
  const other = peersOf(plan).find((each) => each.member !== place.member) ?? place
  return {
    peer: {
      id: `peer0.${place.domain}`, networkId: plan.channel, listenAddress: `127.0.0.1:${place.port}`, address: `localhost:${place.port}`, chaincodeListenAddress: `127.0.0.1:${place.callback}`, chaincodeAddress: `localhost:${place.callback}`,
      fileSystemPath: databasesOf(place), mspConfigPath: join(hostOf(place), 'msp'), localMspId: place.msp, localMspType: 'bccsp',
      tls: { enabled: true, clientAuthRequired: false, cert: { file: tls.cert }, key: { file: tls.key }, rootcert: { file: tls.ca } },
      BCCSP: { Default: 'SW', SW: { Hash: 'SHA2', Security: 256 } }, authentication: { timewindow: '15m' }, keepalive: { minInterval: '5s', client: { interval: '10s', timeout: '3s' }, deliveryClient: { interval: '10s', timeout: '3s' } },
      gossip: {
        bootstrap: `localhost:${other.port}`, endpoint: `localhost:${place.port}`, externalEndpoint: `localhost:${place.port}`, useLeaderElection: false, orgLeader: true, reconnectInterval: '1s', aliveTimeInterval: '1s', aliveExpirationTimeout: '20s',
        publishStateInfoInterval: '1s', requestStateInfoInterval: '1s', membershipTrackerInterval: '2s', state: { enabled: false }, pvtData: { pullRetryThreshold: '5s', transientstoreMaxBlockRetention: 1000, pushAckTimeout: '3s', btlPullMargin: 10, implicitCollectionDisseminationPolicy: { requiredPeerCount: 0, maxPeerCount: 1 } },
      },
      handlers: { authFilters: [{ name: 'DefaultAuth' }, { name: 'ExpirationCheck' }, { name: 'TimeWindowCheck' }], decorators: [{ name: 'DefaultDecorator' }], endorsers: { escc: { name: 'DefaultEndorsement' } }, validators: { vscc: { name: 'DefaultValidation' } } },
      discovery: { enabled: true, authCacheEnabled: true }, gateway: { enabled: true, endorsementTimeout: '30s', dialTimeout: '30s' }, deliveryclient: { reconnectTotalTimeThreshold: '3600s', connTimeout: '2s', reConnectBackoffThreshold: '500ms', minimalReconnectInterval: '100ms', blockCensorshipTimeoutKey: '3s' }, limits: { concurrency: { endorserService: 2500, deliverService: 2500, gatewayService: 500 } },
    },
    vm: { endpoint: '' },
    chaincode: {
      mode: 'net', installTimeout: '60s', startuptimeout: '30s', executetimeout: '30s', keepalive: 0, logging: { level: 'info', shim: 'warning' }, system: { _lifecycle: 'enable', cscc: 'enable', lscc: 'enable', qscc: 'enable' },
      externalBuilders: [{ name: 'ccaas', path: builder }],
    },
    ledger: {
      blockchain: {}, state: { stateDatabase: 'goleveldb', totalQueryLimit: 100000 }, history: { enableHistoryDatabase: true },
      snapshots: { rootDir: join(place.data, 'snapshots') }, pvtdataStore: { collElgProcMaxDbBatchSize: 5000, collElgProcDbBatchesInterval: 1000, purgeInterval: 1, purgedKeyAuditLogging: true },
    },
    operations: { listenAddress: `127.0.0.1:${place.operations}`, tls: { enabled: false } }, metrics: { provider: 'disabled' },
  }
}

