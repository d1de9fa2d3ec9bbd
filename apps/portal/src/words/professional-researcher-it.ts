// Le pagine di chi fa ricerca in italiano, e quello che si scrivono richiedente e responsabile.
import type { CatalogueLike } from './catalogue.ts'
import type { researcher as english } from './professional-researcher-en.ts'

export const researcher: CatalogueLike<typeof english> = {
  answers: { title: 'Risposte', none: 'Non è ancora arrivata nessuna risposta.', holder: 'Titolare', figure: 'Persone', rounded: '{{count}} ± 4', withheld: 'trattenuta: la cifra potrebbe far riconoscere qualcuno', at: 'Arrivata', ask_one: 'Chiedi a {{count}} titolare', ask_other: 'Chiedi a {{count}} titolari', notYet: 'Nessun titolare ha ancora accettato.', table: 'Una tabella esce in base a un accordo, e poi sta tra le tabelle detenute.' },
  new: {
    holders: 'Titolari', title: 'Titolo', summary: 'Riassunto', summaryHint: 'Con parole che capisce un cittadino: gli viene mostrato.', class: 'Classe di questa organizzazione', system: 'Sistema di codici', code: 'Codice', days: 'Giorni', file: 'Presenta la richiesta',
    missing: { holders: 'Scegli almeno un titolare.', title: 'Dalle un titolo.', summary: 'Di’ a che cosa serve: viene mostrato ai cittadini.', days: 'Un numero intero di giorni, da 1 a 3650.', variables: 'Scegli almeno una colonna.', form: 'Scegli una forma.', basis: 'Scegli la base.' },
    count: 'Questa chiede un conteggio: persone per le quali valgono tutti i criteri.', table: 'Chiedi invece una tabella: scegli un dataset', tableTitle: 'Nuova richiesta di una tabella', tableOf: 'Chiedi una tabella: {{title}}', tableLead: 'Decide {{name}}. Una tabella esce in base a un accordo, dopo che il varco ha misurato proprio quei byte.',
    variables: 'Colonne', variablesHint: 'Chiedi quello che serve allo scopo e non di più (GDPR art. 5(1)(c)).', identifying: 'Ciò che identifica resta presso il titolare: {{names}}.', safeguardsHint: 'Quello che promette questa organizzazione. I consensi possono dipenderne.', returnsHint: 'Quello che torna alle persone. Alcuni consensi lo chiedono.',
    basis: { consent: 'Consenso', consentHint: 'GDPR art. 9(2)(a): valgono le persone il cui consenso copre questo uso.', permit: 'Autorizzazione di {{name}}', permitHint: 'EHDS art. 68: decide l’organismo di accesso; chi si è opposto prima resta fuori.' },
    look: 'Manca qualcosa: vedi i campi segnati qui sopra.',
  },
  cohort: {
    title: 'Coorte', hint: 'Persone per le quali valgono tutti questi.', hintTable: 'Persone per le quali valgono tutti questi. Senza criteri, tutte quelle del dataset che si possono usare.', add: 'Aggiungi un criterio', remove: 'Togli il criterio', kind: 'Criterio', sex: 'Sesso', from: 'Età da', to: 'Età fino a',
    kinds: { condition: 'Condizione', observation: 'Osservazione', procedure: 'Procedura', medication: 'Farmaco', immunization: 'Vaccinazione', encounter: 'Contatto', allergy: 'Allergia', sex: 'Sesso', age: 'Età oggi' },
    sexes: { female: 'femminile', male: 'maschile', other: 'altro', unknown: 'sconosciuto' },
    wrong: { code: 'Indica un codice.', system: 'Indica il suo sistema con il suo indirizzo, come http://snomed.info/sct.', age: 'Anni interi da 0 a 150, il primo non più alto del secondo.' },
  },
  catalogue: {
    none: 'In questa rete non è ancora offerto nessun dataset.', title: 'Dataset', unread: 'La descrizione del titolare non è ancora arrivata, o non è quella del registro.', summary: 'Riassunto', columns: 'Colonne', since: 'Dal', people: 'Persone', ask: 'Chiedi una tabella', atLeast: '{{count}} o più', fewer: 'meno di 10, o non detto', countsOnly: 'Questo dataset dà conteggi e nessuna tabella.', column: 'Colonna', role: 'Ruolo', values: 'Valori', missing: 'Mancanti',
  },
  formNames: { computation: 'Conteggio', anonymised: 'Tabella generalizzata', pseudonymised: 'Tabella pseudonimizzata', identified: 'Dati come sono' },
  formHints: { anonymised: 'Classi di più persone ciascuna. Se per voi è anonima lo valuta una persona (considerando 26 GDPR); fino ad allora sono dati personali.', pseudonymised: 'Una riga per persona, sotto pseudonimi fatti per questo accordo. Solo con un consenso che nomina destinatario e forma; mai con un’autorizzazione (EHDS art. 73).' },
  safeguardNames: { 'secure-processing-environment': 'Ambiente di trattamento sicuro', 'ethics-approval': 'Approvazione di un comitato etico', 'named-persons-only': 'Accesso solo a persone nominate', 'no-re-identification': 'Nessun tentativo di scoprire chi sono le persone', 'publication-of-results': 'Risultati pubblici entro 18 mesi' },
  returnNames: { 'study-results': 'I risultati in parole semplici', 'own-findings': 'Scoperte che contano per la salute della persona', 'derived-data': 'Dati derivati, ridati al titolare' },
  roleNames: { identifying: 'identificativa', 'quasi-identifying': 'quasi-identificativa', sensitive: 'sensibile', insensitive: 'non sensibile' },
  valueNames: { text: 'testo', number: 'numero', date: 'data' },
  missingNames: { none: 'nessuno', few: 'pochi', some: 'alcuni', many: 'molti' },
  clock: { left_one: 'ancora {{count}} giorno', left_other: 'ancora {{count}} giorni', over: 'finita', answered: 'Hanno risposto', of: '{{some}} su {{all}}', waits_one: 'aspetta da {{count}} giorno', waits_other: 'aspetta da {{count}} giorni', ends: 'Finisce', agreement: 'Accordo con {{name}}', agreementStates: { offered: 'offerto da {{name}}: tocca a voi accettare', accepted: 'accettato da {{name}}', ended: 'chiuso da {{name}}' }, table: 'Tabella da {{name}}' },
  messages: {
    title: 'Messaggi', none: 'Su questa richiesta non è stato scritto nulla.', you: 'Tu', colleague: 'Questa organizzazione', to: 'A', write: 'Messaggio', hint: 'Fino a 4.000 caratteri, sigillati per l’altra parte. Non scrivere nulla su una persona.', send: 'Manda', empty: 'Prima scrivi qualcosa.', long: 'Caratteri di troppo: {{count}}.',
    delivery: { waiting: 'in viaggio', refused: 'rifiutato dall’altra parte', expired: 'abbandonato: l’altra parte non era raggiungibile' },
  },
  holdings: {
    none: 'A questa organizzazione non è stata data nessuna tabella. Chiedine una dal catalogo: quando un titolare accetta, il suo accordo sta qui e aspetta il tuo sì.', offer: '{{name}} offre un accordo', offerText: 'Fino al {{date}}, per la richiesta', duties: 'Con esso questa organizzazione promette:', accept: 'Accetta l’accordo', from: 'Tabella da {{name}} ({{form}})',
    dutyNames: { 'only-for-this-request': 'di usarla solo per questa richiesta', 'no-re-identification': 'di non scoprire chi sono le persone', 'no-onward-transfer': 'di non darla a nessuno', 'delete-at-the-end': 'di cancellarla alla fine', 'answer-recalls': 'di rispondere a ogni richiamo' },
    states: { offered: 'in arrivo', held: 'detenuta', stopped: 'fermata: qualcuno ha ritirato', refused: 'rifiutata: sono arrivati altri byte', deleting: 'in cancellazione', deleted: 'cancellata' }, agreement: 'Accordo', request: 'Richiesta', fetch: 'Prendi', download: 'Scarica', delete: 'Cancella con ricevuta', sure: 'Cancella per sempre', end: 'Chiudi l’accordo', endSure: 'Chiudilo, e cancella la tabella', endText: 'Questo nodo cancella ciò che tiene in base a esso. Le copie che hai scaricato le devi cancellare tu.', awaited: 'Accordo concluso il {{date}}. {{name}} non ha ancora rilasciato nessuna tabella; arriva da sé.', awaitedTitle: 'Accordo con {{name}}', ended: '{{name}} ha chiuso l’accordo il {{date}}.', lapsed: 'L’accordo è finito nel giorno previsto, il {{date}}.',
    copies: 'Questo nodo cancella da sé la propria copia. Se hai scaricato la tabella, cancella anche tutte le tue copie, comprese le copie di sicurezza e i file derivati con righe di persone, e poi dillo a {{name}}.', declare: 'Comunica che non restano copie', declareSure: 'Manda', declaration: 'Tutte le copie che avevamo scaricato della tabella {{release}} sono cancellate, comprese quelle di sicurezza.', declareText: 'Questo messaggio va a {{name}} e resta tra i messaggi della richiesta:', declared: 'Il {{date}} hai comunicato a {{name}} che non restano copie.', digest: 'SHA-256 dei byte', verified: 'Verificata, dal', left: 'Da cancellare entro',
    assessed: 'Anonima per questa organizzazione fino al {{date}}, dice il titolare.', notAssessed: 'Nessuno l’ha valutata come anonima: trattatela come dati personali.', receipt: 'Ricevuta della cancellazione', receiptText: 'Firmata da questa organizzazione; il titolare ce l’ha, e un impegno su di essa sta nel registro.', save: 'Salva la ricevuta', duty: 'Quel giorno viene cancellata da sola. Cancellate con essa le vostre copie.',
  },
}
