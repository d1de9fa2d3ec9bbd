// How one column is made coarser: the way and its settings, the least and the greatest level, its weight; and what comes of it over the column's values, as she changes it.
import type { Dataset, DatasetColumn } from '@mhmd/schema'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Checks, LongTextQuestion, Radios, TextQuestion } from '../../design/questions.tsx'
import { saveText } from '../../device/saved-file.ts'
import { useDoing } from '../doing.tsx'
import { useStaff } from '../staff-context.ts'
import type { Changed } from './draft-document.ts'
import { countries, dateUnits, beginningOf, numbersOf, partsOf, partsText, wayOf, ways } from './hierarchies.ts'
import type { Hierarchy, Way } from './hierarchies.ts'
import { HierarchyPreview, usePreview } from './hierarchy-preview.tsx'
import type { Previewed } from './hierarchy-preview.tsx'

interface EditorProps {
  readonly draft: string
  readonly column: DatasetColumn
  readonly suggested: Dataset['columns'][number]['hierarchy']
  readonly put: (part: Changed<DatasetColumn>) => void
}

export function HierarchyEditor({ draft, column, suggested, put }: EditorProps): ReactNode {
  const { t } = useTranslation('professional')
  const { name, values = 'text', hierarchy = { type: 'suppression' } } = column
  // What must be written first is no hierarchy of the document yet.
  const [beginning, begin] = useState<Way>()
  const asked = usePreview(draft, name, hierarchy)
  const way = beginning ?? wayOf(hierarchy)
  const change = (next: Hierarchy): void => {
    begin(undefined)
    put({ hierarchy: next, minLevel: undefined, maxLevel: undefined })
  }
  const choose = (next: Way): void => {
    const built = beginningOf(next, values)
    if (built === undefined) begin(next)
    else change(suggested !== undefined && wayOf(suggested) === next ? suggested : built)
  }
  return (
    <div className="coarser">
      <label className="field"><span className="label">{t('draft.coarserOf', { column: name })}</span>
        <select value={way} aria-label={t('draft.coarserOf', { column: name })} onChange={(event) => choose(event.target.value as Way)}>{ways.map((one) => <option key={one} value={one}>{t(`coarser.ways.${one}`)}</option>)}</select>
      </label>
      <p className="hint">{t(`coarser.hints.${way}`)}</p>
      {way === 'rows' ? <Written draft={draft} column={name} present={hierarchy} change={change} /> : way === 'parts' ? <Parts hierarchy={hierarchy} change={change} /> : <Settings key={way} hierarchy={hierarchy} change={change} />}
      <HierarchyPreview asked={asked} column={name} isEmptyYet={beginning !== undefined} />
      <Levels column={column} levels={asked.data?.levels.length ?? 0} put={put} />
      {beginning === undefined ? <Whole draft={draft} column={name} hierarchy={hierarchy} /> : null}
    </div>
  )
}

interface Part {
  readonly hierarchy: Hierarchy
  readonly change: (hierarchy: Hierarchy) => void
}

function Settings({ hierarchy, change }: Part): ReactNode {
  const { t } = useTranslation('professional')
  if ('rows' in hierarchy) return null
  switch (hierarchy.type) {
    case 'redaction': return <Radios legend={t('coarser.from')} chosen={hierarchy.from ?? 'right'} choose={(from) => change({ type: 'redaction', from })} options={(['right', 'left'] as const).map((value) => ({ value, label: t(`coarser.sides.${value}`) }))} />
    case 'date': return <Checks legend={t('coarser.units')} chosen={hierarchy.units} choose={(units) => { if (units.length > 0) change({ type: 'date', units: dateUnits.filter((unit) => units.includes(unit)) }) }} options={dateUnits.map((value) => ({ value, label: t(`hierarchy.units.${value}`) }))} />
    case 'interval': return <Intervals hierarchy={hierarchy} change={change} />
    case 'order': return <Order hierarchy={hierarchy} change={change} />
    case 'postal-code': return <Radios legend={t('coarser.country')} chosen={hierarchy.country} choose={(country) => change({ type: 'postal-code', country })} options={countries.map((value) => ({ value, label: t(`coarser.countries.${value}`) }))} />
    case 'code-prefix': return <Radios legend={t('coarser.system')} chosen={hierarchy.system} choose={(system) => change({ type: 'code-prefix', system })} options={(['icd-10', 'icd-9-cm', 'atc'] as const).map((value) => ({ value, label: value.toUpperCase() }))} />
    default: return null
  }
}

function Intervals({ hierarchy, change }: { readonly hierarchy: Extract<Hierarchy, { type: 'interval' }>; readonly change: (hierarchy: Hierarchy) => void }): ReactNode {
  const { t } = useTranslation('professional')
  const [text, setText] = useState(hierarchy.widths.join(', '))
  const write = (next: string): void => {
    setText(next)
    const widths = numbersOf(next)
    if (widths !== undefined) change({ ...hierarchy, widths })
  }
  const set = (member: 'origin' | 'bottom' | 'top', value: number | undefined): void => {
    const { [member]: _, ...rest } = hierarchy
    change(value === undefined ? rest : { ...rest, [member]: value })
  }
  return (
    <div className="criterion">
      <TextQuestion label={t('coarser.widths')} hint={t('coarser.widthsHint')} error={numbersOf(text) === undefined ? t('coarser.numbersError') : undefined} value={text} change={write} />
      {(['origin', 'bottom', 'top'] as const).map((member) => <OptionalNumber key={member} label={t(`coarser.${member}`)} value={hierarchy[member]} change={(value) => set(member, value)} />)}
    </div>
  )
}

function OptionalNumber({ label, hint, value, change }: { readonly label: string; readonly hint?: string; readonly value: number | undefined; readonly change: (value: number | undefined) => void }): ReactNode {
  const { t } = useTranslation('professional')
  const [text, setText] = useState(value === undefined ? '' : String(value))
  const isWrong = text.trim() !== '' && !Number.isFinite(Number(text.replace(',', '.')))
  const write = (next: string): void => {
    setText(next)
    const number = next.trim() === '' ? undefined : Number(next.replace(',', '.'))
    if (number === undefined || Number.isFinite(number)) change(number)
  }
  return <TextQuestion label={label} {...(hint === undefined ? {} : { hint })} error={isWrong ? t('coarser.numberError') : undefined} value={text} change={write} />
}

function Order({ hierarchy, change }: { readonly hierarchy: Extract<Hierarchy, { type: 'order' }>; readonly change: (hierarchy: Hierarchy) => void }): ReactNode {
  const { t } = useTranslation('professional')
  const [text, setText] = useState(hierarchy.groups.join(', '))
  const [list, setList] = useState(typeof hierarchy.by === 'object' ? hierarchy.by.join('\n') : '')
  const isList = typeof hierarchy.by === 'object'
  const isRight = (numbers: number[] | undefined): boolean => numbers !== undefined && numbers.every((size) => Number.isInteger(size) && size > 1)
  const write = (next: string): void => {
    setText(next)
    const groups = numbersOf(next)
    if (groups !== undefined && isRight(groups)) change({ ...hierarchy, groups })
  }
  return (
    <>
      <TextQuestion label={t('coarser.groups')} hint={t('coarser.groupsHint')} error={isRight(numbersOf(text)) ? undefined : t('coarser.groupsError')} value={text} change={write} />
      <Radios legend={t('coarser.by')} chosen={isList ? 'list' : hierarchy.by as 'number' | 'text'} choose={(by) => change({ ...hierarchy, by: by === 'list' ? [] : by })} options={(['number', 'text', 'list'] as const).map((value) => ({ value, label: t(`coarser.orders.${value}`) }))} />
      {isList ? <LongTextQuestion label={t('coarser.list')} hint={t('coarser.listHint')} value={list} change={(lines) => { setList(lines); change({ ...hierarchy, by: lines.split('\n').filter((line) => line !== '') }) }} /> : null}
    </>
  )
}

function Parts({ hierarchy, change }: Part): ReactNode {
  const { t } = useTranslation('professional')
  const [text, setText] = useState('rows' in hierarchy || hierarchy.type !== 'parts' ? '' : partsText(hierarchy.parts))
  const write = (next: string): void => {
    setText(next)
    const parts = partsOf(next)
    if (parts !== undefined) change({ type: 'parts', parts })
  }
  return (
    <>
      <LongTextQuestion label={t('coarser.parts')} hint={t('coarser.partsHint')} isCode rows={6} error={text !== '' && partsOf(text) === undefined ? t('coarser.partsError') : undefined} value={text} change={write} />
      <FileRead label={t('coarser.partsFile')} read={write} />
    </>
  )
}

/** A hierarchy of her own: typed or read of a file, checked by the node before it is the column's. */
function Written({ draft, column, present, change }: { readonly draft: string; readonly column: string; readonly present: Hierarchy; readonly change: (hierarchy: Hierarchy) => void }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const [text, setText] = useState('rows' in present ? present.rows.map((row) => row.join(';')).join('\n') : '')
  const [lacking, setLacking] = useState<Previewed['missing']>()
  const doing = useDoing()
  const check = (csv: string): void => doing.run(async () => {
    const { rows, missing } = await node.post<Previewed>(`/staff/1/datasets/drafts/${draft}/hierarchy`, { column, csv })
    setLacking(missing)
    if (rows !== null && missing.values === 0) change({ rows: rows.map((row) => [...row]) })
  })
  const template = (): void => doing.run(async () => {
    const { csv } = await node.post<Previewed>(`/staff/1/datasets/drafts/${draft}/hierarchy`, { column, hierarchy: { type: 'suppression' }, whole: true })
    setText(csv ?? '')
  })
  return (
    <>
      <FileRead label={t('coarser.file')} read={(read) => { setText(read); check(read) }} />
      <LongTextQuestion label={t('coarser.written')} hint={t('coarser.writtenHint')} isCode rows={8} value={text} change={setText} />
      {lacking === undefined || lacking.values === 0 ? null : <p className="field-error" role="alert">{t('coarser.lacking', { count: lacking.values, rows: lacking.rows })}{lacking.common.length === 0 ? '' : ` ${t('coarser.lackingNamed', { values: lacking.common.join(', ') })}`}</p>}
      {doing.error}
      <div className="actions">
        <button type="button" disabled={doing.working || text === ''} onClick={() => check(text)}>{t('coarser.check')}</button>
        <button type="button" disabled={doing.working} onClick={template}>{t('coarser.template')}</button>
      </div>
      <p className="small muted">{t('coarser.templateHint')}</p>
    </>
  )
}

function FileRead({ label, read }: { readonly label: string; readonly read: (text: string) => void }): ReactNode {
  return <label className="field"><span className="label">{label}</span><input type="file" accept=".csv,text/csv,text/plain" onChange={(event) => void event.target.files?.[0]?.text().then(read)} /></label>
}

function Levels({ column: { name, minLevel, maxLevel, weight }, levels, put }: { readonly column: DatasetColumn; readonly levels: number; readonly put: (part: Changed<DatasetColumn>) => void }): ReactNode {
  const { t } = useTranslation('professional')
  const all = Array.from({ length: levels }, (_, level) => level)
  const select = (label: string, value: number, options: readonly number[], choose: (level: number) => void): ReactNode => (
    <label className="field"><span className="label">{label}</span><select aria-label={label} value={value} onChange={(event) => choose(Number(event.target.value))}>{options.map((level) => <option key={level} value={level}>{level === 0 ? t('coarser.asItIs') : level === levels - 1 ? t('coarser.hidden', { level }) : t('coarser.level', { level })}</option>)}</select></label>
  )
  const [least, greatest] = [minLevel ?? 0, maxLevel ?? levels - 1]
  return (
    <div className="criterion">
      {levels === 0 ? null : select(t('coarser.least', { column: name }), least, all.filter((level) => level <= greatest), (level) => put({ minLevel: level === 0 ? undefined : level }))}
      {levels === 0 ? null : select(t('coarser.greatest', { column: name }), greatest, all.filter((level) => level >= least), (level) => put({ maxLevel: level === levels - 1 ? undefined : level }))}
      <OptionalNumber label={t('coarser.weight', { column: name })} hint={t('coarser.weightHint')} value={weight} change={(value) => { if (value === undefined || value > 0) put({ weight: value }) }} />
    </div>
  )
}

/** The whole as a file: it holds each value that occurs, so it is asked for. */
function Whole({ draft, column, hierarchy }: { readonly draft: string; readonly column: string; readonly hierarchy: Hierarchy }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  const save = (): void => doing.run(async () => saveText(`${column}.csv`, (await node.post<Previewed>(`/staff/1/datasets/drafts/${draft}/hierarchy`, { column, hierarchy, whole: true })).csv ?? ''))
  return <>{doing.error}<p><button type="button" className="plain" disabled={doing.working} onClick={save}>{t('coarser.save', { column })}</button> <span className="small muted">{t('coarser.saveHint')}</span></p></>
}
