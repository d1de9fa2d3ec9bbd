// Domande e autorizzazioni in italiano: le pagine del funzionario, e quello che ne vedono richiedente e titolare.
import type { CatalogueLike } from './catalogue.ts'
import type { officer as english } from './professional-officer-en.ts'

export const officer: CatalogueLike<typeof english> = {
  permit: {
    title: 'Autorizzazione', state: 'Stato', missing: 'Che cosa manca', conditions: 'A condizione di', noConditions: 'nessuna condizione', from: 'In vigore dal', until: 'In vigore fino al', deliverBy: 'I titolari consegnano entro il', kind: 'Tipo', held: 'Come si conserva', deliveries: 'Consegne', id: 'Autorizzazione',
    states: { filed: 'da esaminare', complete: 'completa, da decidere', incomplete: 'incompleta', closed: 'chiusa da chi l’ha presentata', issued: 'autorizzazione in vigore', refused: 'respinta', revoked: 'autorizzazione revocata', over: 'autorizzazione scaduta' },
    steps: { filed: 'ha presentato la domanda', amended: 'ha completato la domanda', complete: 'l’ha trovata completa', incomplete: 'l’ha detta incompleta', closed: 'l’ha chiusa', issued: 'ha rilasciato un’autorizzazione', refused: 'l’ha respinta', revoked: 'ha revocato l’autorizzazione' },
    kinds: { 'data-permit': 'Autorizzazione ai dati (EHDS art. 68)', 'data-request': 'Richiesta di statistiche approvata (EHDS art. 69)' },
    form: { environment: 'Solo in un ambiente di trattamento sicuro (EHDS art. 73)', assessed: 'Presso l’utente, dopo che un responsabile dei dati del titolare l’ha valutata anonima', figure: 'Presso l’utente, come cifra protetta' },
    noEnvironment: 'Questa rete non ha un ambiente di trattamento sicuro: con questa autorizzazione non esce nulla.',
    delivered: 'consegnato il {{date}}', due: 'non ancora', late: 'in ritardo', asked: 'quando viene chiesto', onLedger: 'Le condizioni arrivano con il documento dell’autorizzazione, che non c’è ancora.',
    mustDeliver: '{{name}} ha deciso. Questo titolare non ha una risposta da dare: con l’autorizzazione consegna entro il {{date}} (EHDS art. 60).', waits: 'Decide {{name}}. Questo titolare è informato; non ha una risposta da dare (EHDS art. 68).', isOver: '{{name}} ha deciso: non si consegna (più) nulla.',
  },
  officer: {
    none: 'Non è ancora arrivata nessuna domanda. Arriva da sola quando un utente dei dati presenta una richiesta in base ad autorizzazione e nomina questo organismo.', applicant: 'Richiedente', holders: 'Titolari', question: 'Su chi si chiede', everybody: 'Tutte le persone del dataset', received: 'Arrivata',
    decide: 'Decisione', decideLead: 'Va sul registro con il suo motivo, e a tutti quelli che nomina. Decidi sul testo qui sopra.', waiting: 'Il richiedente sa che cosa manca. La domanda corretta compare qui da sola; puoi anche decidere senza aspettarla.', choose: 'Che cosa decidi?', chooseError: 'Scegli una delle tre.', reasonError: 'Scegli il motivo.',
    acts: { issue: 'Rilasciare un’autorizzazione', incomplete: 'Dirla incompleta', refuse: 'Respingerla' }, actHints: { issue: 'È completa e soddisfa i criteri (EHDS art. 68(1)).', incomplete: 'Chi l’ha presentata sa che cosa manca e può completarla (EHDS art. 68(4)).', refuse: 'Non soddisfa i criteri. È possibile una nuova domanda.' },
    conditions: 'Condizioni', conditionsHint: 'Sono segnate quelle che il richiedente promette.', days: 'Giorni di validità', daysHint: 'Al massimo fino alla fine dell’uso, il {{date}}.', deliver: 'Giorni che i titolari hanno per consegnare', deliverHint: 'Al massimo tre mesi (EHDS art. 60(2)).', daysError: 'Un numero intero di giorni, da 1 a {{most}}.', held: 'Come si conserva quello che esce', heldError: 'Scegli una delle due.',
    because: 'Perché, con parole tue', becauseHint: 'Per il richiedente e i titolari. Non scrivere nulla su una persona.', becauseError: 'Di’ perché.', missing: 'Che cosa manca', missingHint: 'Solo per il richiedente. Di’ che cosa aggiungere o cambiare.', missingError: 'Di’ che cosa manca.', reason: 'Motivo',
    reasons: { PURPOSE_NOT_SHOWN: 'Lo scopo non è dimostrato, o non è tra quelli dell’art. 53', DATA_NOT_NECESSARY: 'Chiede più di quello che serve allo scopo', SAFEGUARDS_TOO_WEAK: 'Le garanzie sono troppo deboli', APPLICANT_NOT_ABLE: 'Il richiedente non è in grado di farlo', PROHIBITED_PURPOSE: 'È un uso vietato (art. 54)' },
    revokeReasons: { CONDITIONS_BROKEN: 'Le condizioni non sono state rispettate', PURPOSE_LEFT: 'I dati sono stati usati per altro', NO_ANSWER_GIVEN: 'L’utente non risponde all’organismo di accesso', NO_LONGER_NEEDED: 'Non serve più' },
    submit: { issue: 'Rilascia l’autorizzazione', incomplete: 'Rimandala', refuse: 'Respingi la domanda' },
    revoke: 'Revoca l’autorizzazione', revokeLead: 'Da quando è sul registro non esce più nulla. Quello che è stato consegnato resta presso il destinatario: digli che cosa fare (EHDS art. 63).', revokeSure: 'Revocala per sempre',
    lead: 'Prima quelle che aspettano la tua decisione, poi quelle tornate al richiedente, poi le altre.',
    lateLead: 'I titolari consegnano le tabelle autorizzate da te entro il giorno che ogni autorizzazione indica (EHDS art. 60, par. 2). La risposta a un conteggio arriva da sola quando viene chiesta.', late: 'In ritardo', lateNone: 'Nessun titolare è in ritardo.', allPermits: 'Tutte le autorizzazioni', permitsNone: 'Non è ancora stata rilasciata nessuna autorizzazione.',
  },
  amend: {
    title: 'Completare la domanda', lead: 'Cambia quello che manca e rimandala. Scopo, forma, titolari e fine stanno sul registro: per averne altri presenta una nuova domanda.', link: 'Completala', submit: 'Manda la domanda completata', noneLeft: 'Questa domanda non è (più) incompleta.',
  },
}
