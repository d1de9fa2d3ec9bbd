// La pagina sulla rete per chi la amministra, in italiano.
import type { CatalogueLike } from './catalogue.ts'
import type { network as english } from './professional-network-en.ts'

export const network: CatalogueLike<typeof english> = {
  title: 'La rete',
  engines: { operator: 'Questo nodo raggiunge il registro presso {{operator}}. Con il registro incorporato è chi ordina tutte le transazioni, con un processo; con Hyperledger Fabric è la via dei membri senza peer. In ogni caso il nodo di ogni membro controlla ogni blocco, e i membri confrontano ciò che hanno.', fabric: 'Hyperledger Fabric: più organizzazioni ordinano, più organizzazioni trovano ogni esito; questo nodo legge e invia al peer della propria organizzazione.' },
  height: 'Altezza', entries_one: '{{count}} voce', entries_other: '{{count}} voci', confirmed: 'Parola del registro', quorum: 'Ammissione e sospensione', votesNeeded_one: '{{count}} voto', votesNeeded_other: '{{count}} voti', contracts: 'Contratti di questo programma',
  versions: { operator: 'Con il registro incorporato non si votano le versioni: una nuova arriva con il programma, le vecchie restano eseguibili, e chi non ha aggiornato rifiuta ciò che non conosce. Su Fabric votano le organizzazioni con peer.', fabric: 'Il canale prende una nuova versione con un voto.' },
  members: 'Membri', membersHint: 'Ogni membro, anche se sospeso. I membri votano per sospendere uno di loro e per riprenderlo. Il ritardo è secondo l’ultimo punto di controllo che un membro ha firmato e questo nodo ha ricevuto. Chi chiede di essere ammesso sta in:',
  active: 'attivo', suspended: 'sospeso', againstIt: ' Voti per sospenderlo: {{stand}} su {{quorum}} ({{names}}).', forIt: ' Voti per riprenderlo: {{stand}} su {{quorum}} ({{names}}).',
  own: { suspended: 'La sua organizzazione è sospesa.', means: 'Ciò che vuole registrare è rifiutato definitivamente, anche i suoi voti, e nessun nodo di altri membri le parla. Le persone continuano a revocare qui, a chiedere la cancellazione e a leggere chi ha visto i loro dati. Finisce con i voti degli altri membri.', back: 'Voti per riprenderla: {{stand}} su {{quorum}}.' },
  standing: {
    column: 'Voto', suspend: 'Sospendi …', reinstate: 'Riprendi …', voted: 'avete votato',
    title: { suspend: 'Sospendere {{name}}?', reinstate: 'Riprendere {{name}}?' }, vote: { suspend: 'Vota per sospenderlo', reinstate: 'Vota per riprenderlo' }, then: { suspend: 'Che cosa segue quando i voti bastano', reinstate: 'Che cosa segue quando i voti bastano' },
    yours: 'È il voto della sua organizzazione, con la sua firma. Sta nel registro e non si può ritirare.', takes_one: 'Serve {{count}} voto.', takes_other: 'Servono {{count}} voti.', none: 'Nessuno ha ancora votato.', stand_one: 'Finora {{count}}: {{names}}.', stand_other: 'Finora {{count}}: {{names}}.',
    last: 'Il suo è l’ultimo che manca: vale subito.', missing_one: 'Con il suo ne manca ancora uno. Finché non arriva non cambia nulla.', missing_other: 'Con il suo ne mancano ancora {{count}}. Finché non arrivano non cambia nulla.',
    follows: {
      refused: 'Il registro rifiuta ciò che invia, e nessun nodo di altri membri prende o manda nulla: né richieste, né risposte, né tabelle.',
      open: 'Le sue richieste e i suoi accordi restano come sono e nulla vi si muove; le scadenze corrono. Le tabelle già consegnate restano alle loro condizioni.',
      people: 'Le persone continuano a revocare presso di esso, a chiedere la cancellazione e a leggere chi ha visto i loro dati. Nuovi collegamenti e nuove richieste lo escludono.',
      back: 'Resta così finché altrettanti membri votano per riprenderlo.',
      operator: 'Gestisce il registro e continua a ordinare: questo voto non lo ferma.',
      again: 'Ciò che scrive vale di nuovo, e i nodi dei membri gli parlano di nuovo. Richieste e accordi non ancora finiti proseguono.',
      lost: 'Ciò che il registro ha rifiutato nel frattempo non viene rimandato da sé.',
    },
  },
  lag: 'Ritardo', wayIn: 'la via di questo nodo al registro', here: 'questo nodo', unheard: 'non sentito dall’avvio', level: 'alla pari', behind_one: '{{count}} voce', behind_other: '{{count}} voci', heardAt: 'Sentito',
  noSite: 'La macchina di questo nodo non ha la cartella della rete Fabric, o la rete non risponde. Sulla macchina che la ha, questo mostra membri, regole, altezze e certificati:',
  channel: 'Canale {{channel}}', noAlarm: 'Nessun allarme', version: 'Contratti, versione {{version}}', approves: 'ha votato a favore', approvesNot: 'non ha votato', processes: 'Orderer e peer', process: 'Processo', kinds: { orderer: 'Orderer di', peer: 'Peer di' }, address: 'Indirizzo', blocks: 'Blocchi', healthy: 'in salute', unhealthy: 'non in salute', certificates: 'Certificati, per scadenza', organisation: 'Organizzazione', certificate: 'Certificato',
  byRule: 'la regola {{rule}}', asks_one: '{{count}} organizzazione su {{of}}', asks_other: '{{count}} organizzazioni su {{of}}',
  rules: {
    endorsement: 'Una transazione vale quando {{asks}} con peer hanno trovato lo stesso esito.',
    ordering: '{{consenters}} orderer di {{ordering}} organizzazioni ordinano i blocchi, e {{quorum}} di loro firmano ciascuno: {{mayFail}} può guastarsi o mentire.',
    blocks: 'Un blocco si chiude dopo {{cutAfter}}, a {{transactions}} transazioni o a {{megabytes}} MB.',
    contracts: 'I contratti cambiano con i voti di {{asks}}.',
    organisations: 'Le organizzazioni con peer entrano ed escono con le firme di {{asks}}.',
    orderers: 'Gli orderer entrano, escono e cambiano certificati con le firme di {{asks}}.',
  },
  askAdministrator: 'Ciò che si avvia, si ferma o si unisce si fa sulla macchina; un amministratore vede qui i comandi.',
  onTheMachine: 'Sulla macchina', onTheMachineHint: 'Avviare e fermare spetta a chi ha un conto sulla macchina: una sessione rubata non deve fermare un ospedale. Le parole in maiuscolo sono da riempire.',
  does: { 'start-node': 'Avvia questo nodo', 'stop-node': 'Ferma questo nodo, in ordine', join: 'Unisci un nuovo nodo a una rete', 'start-ledger': 'Avvia il registro', 'check-ledger': 'Controlla un registro fermo dal primo blocco', status: 'Guarda la rete Fabric', rotate: 'Nuovi certificati per il peer di questa organizzazione', upgrade: 'Vota i contratti di questo programma', 'add-organisation': 'Fai entrare il peer di un’organizzazione', 'remove-organisation': 'Fai uscire un’organizzazione', 'add-orderer': 'Fai ordinare un’organizzazione' },
}
