// The ready-made views of a node in Italian, by their own words: title, and what one row is.
export const nodeViews: Readonly<Record<string, string>> = {
  Demographics: 'Dati anagrafici',
  'One row a patient: sex, birth date, death, the latest address without street, marital status.': 'Una riga per paziente: sesso, data di nascita, decesso, ultimo indirizzo senza la via, stato civile.',
  Conditions: 'Condizioni',
  'One row a condition that is neither refuted nor entered in error, by its first code.': 'Una riga per ogni condizione né smentita né inserita per errore, con il suo primo codice.',
  'Laboratory results': 'Esami di laboratorio',
  'One row a result or component of a panel: code, value with its digits, unit as shown and in UCUM, reference range.': 'Una riga per ogni risultato o componente di un pannello: codice, valore con le sue cifre, unità come è mostrata e in UCUM, intervallo di riferimento.',
  'Vital signs': 'Parametri vitali',
  'One row a sign or component (systolic and diastolic pressure): code, value with its digits, unit as shown and in UCUM.': 'Una riga per ogni parametro o componente (pressione sistolica e diastolica): codice, valore con le sue cifre, unità come è mostrata e in UCUM.',
  Medications: 'Farmaci',
  'One row a prescription: the medication by its first code, status, date, first dose with its unit, first reason.': 'Una riga per ogni prescrizione: il farmaco con il suo primo codice, stato, data, prima dose con la sua unità, primo motivo.',
  Encounters: 'Visite e ricoveri',
  'One row a visit or stay: class, first type, begin and end, first reason.': 'Una riga per ogni visita o ricovero: classe, primo tipo, inizio e fine, primo motivo.',
  Procedures: 'Procedure',
  'One row a procedure that was done, by its first code, with its first reason.': 'Una riga per ogni procedura eseguita, con il suo primo codice e il suo primo motivo.',
  Immunizations: 'Vaccinazioni',
  'One row a vaccination that was given.': 'Una riga per ogni vaccinazione somministrata.',
}
