// What the page says around the library's words, in both languages.
import type { ProofLanguage } from '@mhmd/proof'

interface PageWords {
  readonly title: string
  readonly intro: string
  readonly alone: string
  readonly proof: string
  readonly proofHint: string
  readonly roots: string
  readonly rootsHint: string
  readonly proven: string
  readonly not: string
  readonly what: string
  readonly whatNot: string
  readonly notJson: (file: string) => string
  readonly badRoots: string
  readonly other: string
}

export const pageWords: Readonly<Record<ProofLanguage, PageWords>> = {
  en: {
    title: 'Check a proof', other: 'Italiano',
    intro: 'A proof shows that something was recorded on the ledger of a health-data network. Choose the two files, and this page says what they prove.',
    alone: 'Everything happens in this page. It sends nothing, asks nobody, and works without a connection; you can save it and open it from your disk.',
    proof: 'The proof', proofHint: 'The file that somebody gave you to show that something was recorded.',
    roots: 'Whom you believe', rootsHint: 'The trust roots of the network (roots.json or network.json). Take them from a source of your own, never from whoever gave you the proof.',
    proven: 'Proven', not: 'Not proven', what: 'What this proves', whatNot: 'What it does not prove',
    notJson: (file) => `${file} is not JSON. Check that it was copied whole.`, badRoots: 'This is no file of trust roots. Use a network.json, or a file made by mhmd roots.',
  },
  it: {
    title: 'Verifica una prova', other: 'English',
    intro: 'Una prova mostra che qualcosa è stato registrato nel registro di una rete di dati sanitari. Scegli i due file, e questa pagina dice che cosa provano.',
    alone: 'Tutto avviene in questa pagina. Non invia nulla, non interroga nessuno e funziona senza connessione; puoi salvarla e aprirla dal tuo disco.',
    proof: 'La prova', proofHint: 'Il file che qualcuno ti ha dato per mostrare che qualcosa è stato registrato.',
    roots: 'A chi credi', rootsHint: 'Le radici di fiducia della rete (roots.json o network.json). Prendile da una fonte tua, mai da chi ti ha dato la prova.',
    proven: 'Provato', not: 'Non provato', what: 'Che cosa prova', whatNot: 'Che cosa non prova',
    notJson: (file) => `${file} non è JSON. Controlla che sia stato copiato per intero.`, badRoots: 'Questo non è un file di radici di fiducia. Usa un network.json, o un file creato con mhmd roots.',
  },
}
