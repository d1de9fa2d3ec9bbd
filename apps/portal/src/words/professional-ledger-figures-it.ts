// Words of the dashboards over the ledger, in Italian; each question brings its own.
import type { CatalogueLike } from './catalogue.ts'
import type { ledgerFigures as english } from './professional-ledger-figures-en.ts'

export const ledgerFigures: CatalogueLike<typeof english> = {
  ledgerFigures: {
    lead: 'Ogni cifra è fatta delle sole transazioni del registro, indica il blocco per cui vale ed è la stessa per chiunque la chieda a quel blocco.',
    height: 'Al blocco (vuoto: il più recente)', contents: 'Domande', missing: 'Non è nel registro:', holds: 'Vale per il blocco {{height}},', csv: 'Salva come CSV', evidence: 'Transazioni da cui deriva',
    chart: 'per: {{by}}', none: 'Nel registro non c’è ancora nulla a questo riguardo.', more_one: 'Un’altra riga ({{count}}) è nel file.', more_other: 'Altre {{count}} righe sono nel file.',
    behind_one: '{{count}} transazione.', behind_other: '{{count}} transazioni; le {{some}} più recenti:',
    sql: 'Una SELECT sulle viste assets, channel, state_database, chaincode e transactions, e sulle tabelle dello schema feed; state_at(height) e assets_at(height) danno un blocco precedente. Non può cambiare nulla né raggiungere file; tempo, righe e memoria sono limitati.',
    codes: {
      active: 'in vigore', withdrawn: 'ritirato', expired: 'scaduto', closed: 'chiuso', offered: 'offerto', suspended: 'sospeso', filed: 'presentata', complete: 'completa', incomplete: 'incompleta', issued: 'rilasciata', accepted: 'accettata', refused: 'rifiutata', revoked: 'revocata', ended: 'finito',
      consent: 'consenso', 'opt-out': 'opposizione', subject: 'la persona', desk: 'lo sportello', permit: 'autorizzazione', data: 'dati', item: 'elemento di un lotto', 'use-request': 'richiesta', 'use-request-answer': 'risposta a una richiesta', 'request-answer': 'risposta a una richiesta', agreement: 'accordo', 'use-release': 'rilascio', release: 'rilascio',
      'first-access': 'primo accesso', burst: 'raffica', silence: 'silenzio',
    },
    select: 'SELECT', run: 'Esegui', cut: 'Troncato al limite di righe.',
  },
}
