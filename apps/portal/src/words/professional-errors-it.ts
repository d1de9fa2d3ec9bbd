// Che cosa non è andato, in italiano: ogni codice che una pagina del personale può incontrare, che cosa è successo e che cosa fare; gli altri per tipo.
import type { CatalogueLike } from './catalogue.ts'
import type { errors as english } from './professional-errors-en.ts'

export const errors: CatalogueLike<typeof english> = {
  kinds: {
    unavailable: 'Non è raggiungibile, o ora non ha tempo. Nulla è perso: riprova.', unauthenticated: 'La tua chiave qui non è conosciuta. Accedi di nuovo.', forbidden: 'È stato rifiutato. Nulla è cambiato.', 'not-found': 'Non c’è, o non lo puoi vedere.',
    conflict: 'Qualcos’altro è venuto prima. Guarda com’è adesso.', invalid: 'Qualcosa di quanto inserito non va. Nulla è cambiato.', bug: 'Qualcosa non è andato. Con questo nulla è cambiato.',
  },
  codes: {
    NODE_STAFF_UNKNOWN: 'La tua chiave non è di nessuno che lavora qui. Un amministratore può invitarti.', NODE_STAFF_ROLE: 'Serve un ruolo che non hai. Te lo può dare un amministratore.',
    NODE_BLIND: 'Questo nodo non sente il registro, perciò le sue porte sono chiuse. Si riaprono da sole.', NODE_BEHIND: 'Altri hanno più registro di quanto ne vede questo nodo, perciò le sue porte sono chiuse.', NODE_FORKED: 'Il registro ha mostrato due storie. Le porte restano chiuse: un amministratore deve guardarle tutte e due.',
    NODE_NOT_FOUND: 'Non c’è, o non lo puoi vedere. Controlla l’indirizzo.', NODE_BAD_INPUT: 'Qualcosa di quanto inserito non va. Riguarda i campi.', NODE_STATE: 'Non è nello stato giusto: intanto è cambiato. Riguardalo.',
    NODE_DRAFT_CHANGED: 'Questa bozza è stata cambiata in un’altra finestra da quando questa l’ha letta. La tua ultima modifica non è conservata: ricarica la pagina e rifalla.',
    NODE_DATASET_CHANGED: 'Questo dataset è cambiato dalla versione da cui è cominciata questa bozza: non è stato offerto nulla e la bozza è come prima. Guarda il dataset com’è adesso, comincia da lì la prossima versione e rifai le tue modifiche.',
    NODE_NO_AGREEMENT: 'Non è in vigore nessun accordo con cui questa tabella possa uscire. Offrine uno; il destinatario lo accetta.', NODE_PERMIT_NOT_IN_FORCE: 'Per questo non è in vigore nessuna autorizzazione: non è decisa, è revocata o è scaduta. Le rilascia l’organismo di accesso.', NODE_CHANGED_MEANWHILE: 'Intanto qualcuno ha deciso altrimenti. Non è uscito nulla; si ricomincia senza quella persona.',
    NODE_FILE_EMPTY: 'In questo file non c’è nessuna risorsa: è fatto di spazi, o di bundle senza voci. Esportalo di nuovo e guardaci dentro prima di inviarlo.',
    NODE_BUSY: 'Questo nodo ora fa già tutto quello che può. Riprova tra un minuto.', NODE_TOO_MANY: 'È stato troppo spesso. Aspetta un momento.', NODE_SESSION_OVER: 'La sessione è finita. Accedi di nuovo; nulla è perso.', NODE_SESSION_ELSEWHERE: 'Una sessione vale solo per le pagine di questo nodo.', NODE_CSRF: 'Questa pagina è vecchia. Ricaricala e riprova.', NODE_SIGNATURE_NEEDED: 'Serve la tua firma: usa la passkey.',
    NODE_INVITATION: 'Questo invito è sconosciuto, usato o scaduto. Chiedine uno nuovo.', NODE_NOT_YET: 'Non è ancora sul registro, o manca qualcosa che serve. Si riprova da sé.', NODE_TRANSFER_BROKEN: 'Il titolare ha dato byte diversi da quelli offerti. Chiedigli.', NODE_DIGEST_MISMATCH: 'I byte arrivati non sono quelli offerti. Non se ne tiene nulla.',
    NODE_LEDGER_REFUSED: 'I contratti l’hanno rifiutato. Nulla è registrato: guarda com’è adesso.', NODE_RECORD_MISMATCH: 'Quello che è stato firmato non va più bene. Ricarica la pagina e firma di nuovo.', NODE_SUBJECT_UNKNOWN: 'Qui non c’è questa persona. Controlla il numero e il suo sistema.', NODE_NO_ANALYTICS: 'Questo nodo non tiene tabelle del registro. Chi lo gestisce può attivarle.', NODE_LINK_CODE: 'Questo codice è sconosciuto, usato o scaduto.',
  },
}
