// What a proof proves and what it doesn't, in Italian.
import type { Words } from './words.ts'

export const it: Words = {
  operation: ({ operation, network, height, code }) => `L'operazione ${operation} si trova nel registro di «${network}» all'altezza ${height}, con il codice ${code}.`,
  batch: ({ operation }) => `Vi è giunta nel gruppo ${operation}.`,
  about: { consent: 'consenso', 'opt-out': 'rifiuto dell\'uso secondario', subject: 'chiave' },
  states: { active: 'in vigore', withdrawn: 'revocato', closed: 'chiusa' },
  state: ({ about, subject, holder, version, state, time }) => `${about[0]?.toUpperCase() ?? ''}${about.slice(1)} di ${subject} presso ${holder}: versione ${version}, ${state}, data ${time} UTC indicata da chi l'ha inviata.`,
  more: ({ count }) => `… e altre ${count} nella stessa transazione.`,
  signed: ({ members, size }) => `${members} hanno firmato il registro di ${size} transazioni che la contiene: nessuno di loro può negarlo in seguito, né mostrare un altro registro della stessa lunghezza, senza essere scoperto.`,
  witnessed: ({ witnesses, time }) => `${witnesses}: questi testimoni hanno controfirmato il registro dopo aver verificato che è soltanto cresciuto; nessuna seconda storia può aver ottenuto lo stesso numero di testimoni. Il primo l'ha visto il ${time} UTC, secondo il proprio orologio.`,
  unwitnessed: () => 'Queste radici non chiedono testimoni: se chi ordina il registro avesse mostrato a tutti i membri una storia falsa, essi non lo saprebbero.',
  others: () => 'È giunta in un gruppo con quelle di altre persone, i cui pseudonimi sono nella prova: mostrala solo a chi riguarda.',
  hidden: ({ count }) => `È giunta in un gruppo: altre ${count} voci della stessa transazione riguardano altri e non sono mostrate.`,
  notContent: () => 'Che cosa è stato permesso o vietato nel dettaglio: il registro contiene un impegno crittografico; può mostrarlo chi ne ha l\'apertura.',
  notLatest: () => 'Che nulla di più recente l\'abbia sostituita, che qualcuno vi abbia dato seguito, o chi sia la persona dietro lo pseudonimo.',
  notRoots: () => 'Che le radici siano quelle giuste. Devono esserti giunte per una via diversa da quella della prova.',
  and: (items) => items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} e ${items.at(-1) ?? ''}`,
  refusals: {
    PROOF_MALFORMED: { says: 'Questa non è una prova nel formato mhmd-proof/1', remedy: 'Chiedi di nuovo la prova; copia il file per intero.' },
    PROOF_MALFORMED_NOTE: { says: 'Il punto di controllo non è una nota firmata', remedy: 'Chiedi di nuovo la prova; copia il file per intero.' },
    PROOF_BAD_SIGNATURE: { says: 'Una firma di una chiave fidata non vale per questo punto di controllo', remedy: 'Non crederle. Conserva il file e chiedi al membro che la chiave nomina.' },
    PROOF_OTHER_LOG: { says: 'Il punto di controllo è di un registro diverso da quello delle radici', remedy: 'Verifica con le radici della rete da cui viene la prova.' },
    PROOF_TOO_FEW_SIGNATURES: { says: 'Le chiavi fidate che hanno firmato il punto di controllo sono meno di quante ne servono', remedy: 'Chiedi una prova con le firme di più membri, o controlla le radici.' },
    PROOF_TOO_FEW_WITNESSES: { says: 'I testimoni che hanno controfirmato il punto di controllo sono meno di quanti le radici chiedono', remedy: 'Chiedi di nuovo la prova un po\' più tardi. Se resta così, il registro potrebbe mostrare a questo nodo una storia tutta sua: chiedi a un altro membro.' },
    PROOF_NOT_INCLUDED: { says: 'Il cammino non porta da questa transazione alla radice del punto di controllo', remedy: 'Non crederle. Chiedi a un altro membro una prova della stessa operazione.' },
    PROOF_OTHER_WRITES: { says: 'Ciò che è mostrato non è ciò che il registro contiene', remedy: 'Non crederle. Chiedi a un altro membro una prova della stessa operazione.' },
  },
}
