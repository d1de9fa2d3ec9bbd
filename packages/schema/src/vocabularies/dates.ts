// From when the rules apply: Regulation (EU) 2025/327, Art. 105. Times are midnight UTC of the day named.

export const applicationDates = {
  /** Third paragraph: general application. */
  general: { date: '2027-03-26', time: Date.UTC(2027, 2, 26), citation: 'EHDS:105' },
  /** Chapter IV, secondary use. */
  secondaryUse: { date: '2029-03-26', time: Date.UTC(2029, 2, 26), citation: 'EHDS:105' },
  /** Art. 51(1), points (b), (f), (g), (m) and (p). */
  laterCategories: { date: '2031-03-26', time: Date.UTC(2031, 2, 26), citation: 'EHDS:105' },
  /** Art. 75(5): third countries and international organisations. */
  thirdCountries: { date: '2035-03-26', time: Date.UTC(2035, 2, 26), citation: 'EHDS:105' },
} as const
