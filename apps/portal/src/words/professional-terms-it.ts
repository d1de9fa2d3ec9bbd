// I vocabolari delle richieste in italiano: come si chiama un codice di EHDS, DPV o DUO nelle pagine del personale.
import type { CatalogueLike } from './catalogue.ts'
import type { terms as english } from './professional-terms-en.ts'

export const terms: CatalogueLike<typeof english> = {
  purposeNames: {
    'public-health': 'Salute pubblica e del lavoro', 'health-threats': 'Protezione dalle gravi minacce transfrontaliere alla salute', 'health-surveillance': 'Sorveglianza della salute pubblica', 'patient-safety': 'Qualità e sicurezza di cure, medicinali e dispositivi', 'policy-making': 'Politiche e regole degli enti pubblici', 'official-statistics': 'Statistiche ufficiali', education: 'Insegnamento nella sanità e nell’assistenza',
    research: 'Qualsiasi ricerca', 'health-research': 'Ricerca nella sanità e nell’assistenza', 'product-development': 'Sviluppo di prodotti e servizi', 'algorithm-training': 'Addestramento, prova e valutazione di algoritmi', 'disease-research': 'Ricerca su una malattia precisa', 'ancestry-research': 'Ricerca su origini e ascendenza', 'care-improvement': 'Cure migliori per altre persone',
    care: 'Cura della persona stessa', 'own-access': 'Accesso della persona ai propri dati', import: 'Presa in carico dei dati dal titolare', quality: 'Esattezza dei dati', backup: 'Disponibilità dei dati',
  },
  basisNames: { consent: 'Consenso', permit: 'Autorizzazione ai dati', 'own-access': 'Accesso proprio', care: 'Cura', 'holder-duty': 'Obbligo del titolare' },
  classNames: { 'public-body': 'Ente pubblico', 'healthcare-provider': 'Prestatore di assistenza sanitaria', 'research-organisation': 'Organismo di ricerca', 'educational-institution': 'Istituto di istruzione', 'non-profit': 'Organizzazione senza scopo di lucro', business: 'Impresa', insurer: 'Assicuratore', citizen: 'Cittadino' },
  useNames: {
    'detrimental-decisions': 'Decisioni a danno delle persone', 'discriminatory-terms': 'Condizioni discriminatorie', advertising: 'Pubblicità', 'harmful-products': 'Prodotti dannosi', 'unethical-activities': 'Attività non etiche', 're-identification': 'Reidentificazione',
    commercial: 'Uso commerciale', 'methods-development': 'Sviluppo di metodi generali', 'genetic-analysis': 'Analisi genetica', linkage: 'Collegamento con dati di altra provenienza', 'model-publication': 'Pubblicazione di un modello addestrato',
  },
  categoryNames: {
    a: 'Cartelle cliniche', b: 'Fattori sociali, ambientali e comportamentali', c: 'Dati aggregati su bisogni, risorse, accesso e spesa', d: 'Agenti patogeni', e: 'Amministrazione: dispensazioni, richieste, rimborsi', f: 'Dati genetici, epigenomici e genomici', g: 'Altri dati molecolari (proteine, metaboliti, lipidi …)', h: 'Dati registrati automaticamente da dispositivi medici', i: 'Applicazioni per il benessere',
    j: 'Professionisti che partecipano alla cura', k: 'Registri di sanità pubblica', l: 'Registri di malattia e di mortalità', m: 'Sperimentazioni, studi e indagini cliniche', n: 'Altri dati di dispositivi medici', o: 'Registri di medicinali e dispositivi', p: 'Coorti di ricerca, questionari e indagini, una volta pubblicati', q: 'Biobanche',
  },
}
