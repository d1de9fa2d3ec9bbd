// Le pagine professionali in italiano.
import type { CatalogueLike } from './catalogue.ts'
import type { professional as english } from './professional-en.ts'
import { policy } from './professional-policy-it.ts'
import { contractForm } from './professional-contract-form-it.ts'
import { ledgerFigures } from './professional-ledger-figures-it.ts'
import { desk } from './professional-desk-it.ts'
import { protection } from './professional-protection-it.ts'
import { errors } from './professional-errors-it.ts'
import { network } from './professional-network-it.ts'
import { officer } from './professional-officer-it.ts'
import { operator } from './professional-operator-it.ts'
import { reasons } from './professional-reasons-it.ts'
import { researcher } from './professional-researcher-it.ts'
import { steward } from './professional-steward-it.ts'
import { terms } from './professional-terms-it.ts'

export const professional: CatalogueLike<typeof english> = {
  errors,
  ...officer,
  ...operator,
  ...researcher,
  ...steward,
  ...desk,
  ...terms,
  ...reasons,
  ...protection,
  ...ledgerFigures,
  contractForm,
  network,
  ...policy,
  name: 'My Health My Data',
  skip: 'Vai alla pagina',
  navigation: 'Pagine',
  language: 'English',
  you: 'Tu',
  signOut: 'Esci',
  loading: 'Caricamento …',
  problem: 'Qualcosa è andato storto',
  leave: 'Lascia com’è',
  again: 'Riprova',
  missed: { title: 'Non è stato possibile caricare questa pagina', text: 'Il nodo non risponde, o la connessione si è interrotta.' },
  lost: 'Il nodo ora non risponde. Quello che vedi è di prima; si aggiorna da sé appena il nodo è di nuovo lì.',
  stale: 'Non è stato possibile aggiornare: quello che vedi è meno recente.',
  notFound: 'Questa pagina non esiste',
  notFoundText: 'Può essere di un altro ruolo, o l’indirizzo è scritto male.',
  signIn: { title: 'Accesso del personale', lead: 'La tua passkey per {{host}} dà la chiave registrata qui per te. Segue una sessione di otto ore al massimo, che finisce dopo quindici minuti di inattività.', submit: 'Entra con la passkey', none: 'Qui non hai ancora una passkey? Un amministratore ti manda un invito.', numeric: 'Le passkey appartengono a nomi. Apri queste pagine su:' },
  invited: { title: 'Hai un invito', lead: 'Su questo dispositivo viene creata una passkey. La sua chiave viene registrata presso {{host}} con i ruoli dell’invito. L’invito vale una volta.', submit: 'Crea una passkey ed entra', taken: 'L’ho già usato: accedi', numeric: 'Le passkey appartengono a nomi: apri il link dell’invito così come è stato mandato.' },
  roles: { admin: 'amministratore', steward: 'responsabile dei dati', desk: 'sportello', dpo: 'responsabile della protezione dei dati', researcher: 'ricercatore', officer: 'funzionario dell’organismo di accesso', auditor: 'revisore' },
  areas: { steward: 'Responsabile dei dati', desk: 'Sportello', dpo: 'Protezione dei dati', researcher: 'Ricercatore', officer: 'Funzionario', auditor: 'Revisore', operator: 'Gestore', administrator: 'Amministrazione' },
  pages: {
    steward: { requests: 'Richieste da decidere', imports: 'Importazioni', profiles: 'Profili', datasets: 'Dataset', releases: 'Rilasci', late: 'Chi è in ritardo', figures: 'Cifre del registro' },
    desk: { 'link-code': 'Codice per un paziente', merges: 'Pazienti con due numeri', 'wrong-link': 'Chiave sul paziente sbagliato' },
    dpo: { erasure: 'Cancellare i dati di un paziente' },
    researcher: { requests: 'Le mie richieste', new: 'Nuova richiesta', catalogue: 'Catalogo', holdings: 'Tabelle detenute', figures: 'Cifre del registro' },
    officer: { applications: 'Domande', deliveries: 'Chi ha consegnato', figures: 'Cifre del registro' },
    auditor: { blocks: 'Blocchi e transazioni', access: 'Registro degli accessi', overdue: 'Ricevute scadute', checkpoints: 'Punti di controllo', playground: 'Banco di prova', figures: 'Domande al registro' },
    operator: { health: 'Stato', jobs: 'Lavori', members: 'Membri', network: 'Rete', figures: 'Come va il registro' },
    administrator: { colleagues: 'Colleghi' },
  },
  palette: { open: 'Vai a', title: 'Vai a una pagina', found: 'Pagine trovate', none: 'Nessuna pagina con questo nome.' },
  list: { filter: 'Filtra', count: '{{some}} di {{count}}', more: 'Altre {{count}}; scrivi per restringere l’elenco.', all_one: '{{count}} riga', all_other: '{{count}} righe', first_one: 'la prima riga', first_other: 'le prime {{count}} righe', next: 'Mostra altre', nothing: 'Qui nulla contiene tutte queste parole.' },
  table: 'Mostra come tabella',
  request: {
    title: 'Titolo', requester: 'Richiedente', purpose: 'Scopo', basis: 'Base', form: 'Forma', data: 'Dati', dataset: 'Dataset', uses: 'Altri usi', safeguards: 'Garanzie', returns: 'In cambio', time: 'Dal, al', none: 'nessuna voce', received: 'Ricevuta', state: 'Stato', open: 'da decidere', accepted: 'accettata', refused: 'rifiutata',
    emptyInbox: 'Nessuna organizzazione ha ancora chiesto a questo titolare.', emptyOut: 'Non è ancora stato chiesto nulla.', what: 'Che cosa si chiede', course: 'Percorso', ends: 'L’uso finisce', id: 'Id', filed: 'Presentata', acceptedBy: 'Accettata da', refusedBy: 'Rifiutata da',
    decide: 'La decisione di questo titolare', decideError: 'Scegli una delle due.', accept: 'Accetta', refuse: 'Rifiuta', reason: 'Perché è rifiutata', reasonHint: 'Va nel registro e al richiedente. Spiega di più in un messaggio.',
    reasons: { WITHIN_TERMS: 'Rispetta le condizioni di questo titolare', NOT_AGREED: 'Questo titolare non è d’accordo', NOT_ETHICAL: 'Un comitato etico è contrario, o non è stato sentito', DATA_NOT_HELD: 'I dati che servono non sono qui', DATA_NOT_NECESSARY: 'Chiede più di quello che serve allo scopo', SAFEGUARDS_TOO_WEAK: 'Le garanzie sono troppo deboli' },
    record: 'Registra la decisione',
  },
}
