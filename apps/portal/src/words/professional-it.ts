// Le pagine professionali in italiano.
import type { CatalogueLike } from './catalogue.ts'
import type { professional as english } from './professional-en.ts'

export const professional: CatalogueLike<typeof english> = {
  name: 'My Health My Data',
  skip: 'Vai alla pagina',
  navigation: 'Pagine',
  language: 'English',
  you: 'Tu',
  signOut: 'Esci',
  loading: 'Caricamento …',
  problem: 'Qualcosa è andato storto',
  again: 'Riprova',
  stale: 'Non è stato possibile aggiornare: quello che vedi è meno recente.',
  notFound: 'Questa pagina non esiste',
  notFoundText: 'Può essere di un altro ruolo, o l’indirizzo è scritto male.',
  signIn: { title: 'Accesso del personale', lead: 'La tua passkey per {{host}} dà la chiave registrata qui per te. Segue una sessione di otto ore al massimo, che finisce dopo quindici minuti di inattività.', submit: 'Entra con la passkey', none: 'Qui non hai ancora una passkey? Un amministratore ti manda un invito.', numeric: 'Le passkey appartengono a nomi. Apri queste pagine su:' },
  invited: { title: 'Hai un invito', lead: 'Su questo dispositivo viene creata una passkey. La sua chiave è registrata presso {{host}} con i ruoli dell’invito. L’invito vale una volta.', submit: 'Crea una passkey ed entra', numeric: 'Le passkey appartengono a nomi: apri il link dell’invito così come è stato mandato.' },
  roles: { admin: 'amministratore', steward: 'responsabile dei dati', desk: 'sportello', dpo: 'responsabile della protezione dei dati', researcher: 'ricercatore', auditor: 'revisore' },
  areas: { steward: 'Responsabile dei dati', researcher: 'Ricercatore', auditor: 'Revisore', operator: 'Gestore' },
  pages: {
    steward: { requests: 'Richieste da decidere', imports: 'Importazioni', datasets: 'Dataset', releases: 'Rilasci' },
    researcher: { requests: 'Le mie richieste', new: 'Nuova richiesta' },
    auditor: { proofs: 'Prove' },
    operator: { health: 'Stato', jobs: 'Lavori', members: 'Membri' },
  },
  palette: { open: 'Vai a', title: 'Vai a una pagina', found: 'Pagine trovate', none: 'Nessuna pagina con questo nome.' },
  list: { filter: 'Filtra', count: '{{some}} di {{count}}', more: 'Altre {{count}}; scrivi per restringere l’elenco.' },
  table: 'Mostra come tabella',
  health: {
    title: 'Stato di questo nodo', member: 'Membro', network: 'Rete', height: 'Altezza del registro', confirmed: 'Testa confermata', seconds: '{{seconds}} s fa', never: 'mai', log: 'Voci nel registro', pending: 'In attesa del registro', members: 'Membri', forked: 'Due storie', forkedYes: 'Il registro ha mostrato due storie. Le porte restano chiuse: avvisa gli altri membri.', forkedNo: 'nessuna vista', blind: 'La testa non è confermata: le porte sono chiuse finché non lo è.', session: 'Questa sessione finisce', well: 'In ordine', people: 'Persone con dati',
  },
  jobs: { title: 'Lavori', empty: 'Non è ancora stato eseguito nessun lavoro.', kind: 'Tipo', state: 'Stato', attempts: 'Tentativi', created: 'Creato', progress: 'Avanzamento', code: 'Codice', cancel: 'Annulla', states: { waiting: 'in attesa o in corso', done: 'finito', failed: 'fallito', cancelled: 'annullato' }, live: 'Aggiornato ogni due secondi.' },
  members: { title: 'Membri', empty: 'Ancora nessun membro.', id: 'Id', name: 'Nome', country: 'Paese', roles: 'Ruoli', valid: 'Valido fino al', version: 'Versione della scheda', state: 'Stato' },
}
