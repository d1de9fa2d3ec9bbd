// Italian for what a node tells of a Fabric channel in words: its alarms (adapters/ledger-fabric, network/status) and the names of its certificates (network/certificates). Names stand between these pieces.
export const nodeAlarms: Readonly<Record<string, string>> = {
  ' is on the channel and has no peer here: mhmd network add-organisation or remove-organisation was cut off; give it again': ' è nel canale e qui non ha un peer: mhmd network add-organisation o remove-organisation è stato interrotto; dallo di nuovo',
  ' is on the channel and has no orderer here: mhmd network add-orderer or remove-orderer was cut off; give it again': ' è nel canale e qui non ha un orderer: mhmd network add-orderer o remove-orderer è stato interrotto; dallo di nuovo',
  ': its orderer has another certificate than the channel names, and orders nothing: mhmd network rotate --orderer was cut off; give it again': ': il suo orderer ha un certificato diverso da quello che nomina il canale, e non ordina nulla: mhmd network rotate --orderer è stato interrotto; dallo di nuovo',
  ' endorses on the channel': ' convalida nel canale',
  ' orders on the channel': ' ordina nel canale',
  ', and no active member of the participants contract goes by that name': ', e nessun membro attivo del contratto dei partecipanti ha quel nome',
  ' ends on ': ' scade il ',
  '; rotate it (': '; da rinnovare (',
  'identity of the peer': 'identità del peer',
  'identity of the orderer': 'identità dell’orderer',
  'TLS of the peer': 'TLS del peer',
  'TLS of the orderer': 'TLS dell’orderer',
  'client of the node': 'client del nodo',
  administrator: 'amministratore',
  'authority of identities': 'autorità delle identità',
  'authority of TLS': 'autorità TLS',
}
