// The privacy models that a steward can ask of a table: what each needs to be told, and each in a sentence.
import type { DatasetPolicy } from '@mhmd/schema'
import type { TFunction } from 'i18next'
import { number } from '../../words/language.ts'

export type Model = DatasetPolicy['models'][number]
export type ModelType = Model['type']

export type Field =
  | { readonly name: string; readonly kind: 'whole' | 'number' | 'percent'; readonly least?: number }
  | { readonly name: 'estimator'; readonly kind: 'choice'; readonly of: readonly string[] }

interface Shape {
  readonly fields: readonly Field[]
  /** What it protects: a sensitive column, or the table. */
  readonly protects: 'column' | 'table'
  /** Counts people where somebody has several rows; others count rows and are refused there. */
  readonly countsPeople?: true
  readonly needsHierarchy?: true
  /** Where it begins; the column is put to it. */
  readonly first: Readonly<Record<string, number | string>>
}

const t: Field = { name: 't', kind: 'percent' }
const share: Field = { name: 'threshold', kind: 'percent' }
const l: Field = { name: 'l', kind: 'whole', least: 2 }
const beta: Field = { name: 'beta', kind: 'number' }

/** Differential privacy samples rows, so that its table is another than the one that was asked for: it is the command line's (`mhmd deid run`). */
export const shapes: Readonly<Record<Exclude<ModelType, 'k-anonymity' | 'differential-privacy'>, Shape>> = {
  'distinct-l-diversity': { protects: 'column', countsPeople: true, fields: [l], first: { l: 2 } },
  'entropy-l-diversity': { protects: 'column', fields: [{ name: 'l', kind: 'number', least: 1 }, { name: 'estimator', kind: 'choice', of: ['shannon', 'grassberger'] }], first: { l: 2, estimator: 'shannon' } },
  'recursive-l-diversity': { protects: 'column', fields: [l, { name: 'c', kind: 'number' }], first: { l: 2, c: 3 } },
  'equal-t-closeness': { protects: 'column', fields: [t], first: { t: 0.3 } },
  'ordered-t-closeness': { protects: 'column', fields: [t], first: { t: 0.3 } },
  'hierarchical-t-closeness': { protects: 'column', needsHierarchy: true, fields: [t], first: { t: 0.3 } },
  'delta-disclosure': { protects: 'column', fields: [{ name: 'delta', kind: 'number' }], first: { delta: 1 } },
  'basic-beta-likeness': { protects: 'column', fields: [beta], first: { beta: 1 } },
  'enhanced-beta-likeness': { protects: 'column', fields: [beta], first: { beta: 1 } },
  'average-risk': { protects: 'table', fields: [share], first: { threshold: 0.1 } },
  'sample-uniqueness': { protects: 'table', fields: [share], first: { threshold: 0 } },
  'population-uniqueness': { protects: 'table', fields: [share, { name: 'populationSize', kind: 'whole', least: 1 }, { name: 'estimator', kind: 'choice', of: ['dankar', 'pitman', 'zayatz', 'snb'] }], first: { threshold: 0.01, populationSize: 100_000, estimator: 'dankar' } },
  'km-anonymity': { protects: 'column', countsPeople: true, needsHierarchy: true, fields: [{ name: 'k', kind: 'whole', least: 2 }, { name: 'm', kind: 'whole', least: 1 }], first: { k: 5, m: 2 } },
  'cost-benefit': { protects: 'table', fields: [{ name: 'publisherBenefit', kind: 'number' }, { name: 'publisherLoss', kind: 'number' }, { name: 'adversaryGain', kind: 'number' }, { name: 'adversaryCost', kind: 'number' }], first: { publisherBenefit: 100, publisherLoss: 600, adversaryGain: 300, adversaryCost: 50 } },
}
export const modelTypes = Object.keys(shapes) as readonly (keyof typeof shapes)[]
export const shapeOf = (type: ModelType): Shape | undefined => (shapes as Partial<Record<ModelType, Shape>>)[type]

/** A model as it begins, of the column where it protects one. */
export const begun = (type: keyof typeof shapes, column: string | undefined): Model => ({ type, ...shapes[type].first, ...(shapes[type].protects === 'column' ? { column } : {}) }) as Model

/** Whether some model asks how the values of this column grow coarser. */
export const needsHierarchy = (models: readonly Model[], column: string): boolean => models.some((model) => 'column' in model && model.column === column && shapeOf(model.type)?.needsHierarchy === true)

/** A share of 1 in percent, for a sentence that writes it. */
export const percentOf = (share: number): number => Number((100 * share).toPrecision(4))
export const percent = (share: number): string => `${number(percentOf(share))} %`

export function modelInWords(model: Model, t: TFunction<'professional'>): string {
  const told = Object.fromEntries(Object.entries(model).map(([name, value]) => [name, name === 't' || name === 'threshold' ? percentOf(value as number) : name === 'estimator' ? t(`models.estimators.${value as 'dankar'}`) : value]))
  // Each sentence names other parameters; a model's own are those of its sentence.
  const say = t as (key: `models.says.${ModelType}`, told: object) => string
  return say(`models.says.${model.type}`, told)
}
