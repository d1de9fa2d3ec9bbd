// The ready-made views of a node in Italian, by their names: title, and what one row is.
export const nodeViews: Readonly<Record<string, readonly [string, string]>> = {
  demographics: ['Dati anagrafici', 'Una riga per paziente: sesso, data di nascita, decesso, ultimo indirizzo senza la via, stato civile.'],
  conditions: ['Condizioni', 'Una riga per ogni condizione né smentita né inserita per errore, con il suo primo codice.'],
  labs: ['Esami di laboratorio', 'Una riga per ogni risultato o componente di un pannello: codice, valore con le sue cifre, unità come è mostrata e in UCUM, intervallo di riferimento.'],
  vital_signs: ['Parametri vitali', 'Una riga per ogni parametro o componente (pressione sistolica e diastolica): codice, valore con le sue cifre, unità come è mostrata e in UCUM.'],
  medications: ['Farmaci', 'Una riga per ogni prescrizione: il farmaco con il suo primo codice, stato, data, prima dose con la sua unità, primo motivo.'],
  encounters: ['Visite e ricoveri', 'Una riga per ogni visita o ricovero: classe, primo tipo, inizio e fine, primo motivo.'],
  procedures: ['Procedure', 'Una riga per ogni procedura eseguita, con il suo primo codice e il suo primo motivo.'],
  immunizations: ['Vaccinazioni', 'Una riga per ogni vaccinazione somministrata.'],
}
