// The columns of a dataset: each with its figures, the role that is suggested with its reason, what the steward decides, and how the column is made coarser.
import { datasetRoles } from '@mhmd/schema'
import type { Dataset, DatasetColumn, DatasetRole } from '@mhmd/schema'
import { useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { nodeReasonInWords } from '../../words/error-words.ts'
import { decided } from './draft-document.ts'
import type { Changed, Draft } from './draft-document.ts'
import { hierarchyInWords, limitsInWords } from './hierarchies.ts'
import { HierarchyEditor } from './hierarchy-editor.tsx'
import { needsHierarchy } from './models.ts'

interface Part {
  readonly document: Dataset
  readonly change: (document: Dataset) => void
}

export function DraftColumns({ draft: { id, columns: suggestions, profile }, document, change }: Part & { readonly draft: Draft }): ReactNode {
  const { t } = useTranslation('professional')
  const suggestionOf = (name: string): DatasetColumn | undefined => {
    const suggested = suggestions?.find((one) => one.name === name)
    return suggested === undefined ? undefined : { ...suggested, reason: nodeReasonInWords(suggested.reason) }
  }
  const done = document.columns.filter(({ role }) => role !== 'unclassified').length
  const section = useRef<HTMLElement>(null)
  const takeAll = (): void => {
    change(document.columns.reduce((all, { name, role }) => {
      const suggested = suggestionOf(name)
      return role !== 'unclassified' || suggested === undefined ? all : decided(all, name, suggested.role, suggested)
    }, document))
    // The button goes once it has nothing to do.
    section.current?.focus({ preventScroll: true })
  }
  return (
    <section id="draft-columns" tabIndex={-1} ref={section}>
      <h2>{t('draft.columns')}</h2>
      <p>{t('draft.columnsLead')}</p>
      <div className="bar"><span className="count" role="status">{t('draft.decided', { done, count: document.columns.length })}</span>{done === document.columns.length ? null : <button type="button" onClick={takeAll}>{t('draft.takeAll')}</button>}</div>
      <div className="scroll" tabIndex={0} role="region" aria-label={t('draft.columns')}>
        <table className="roomy">
          <thead><tr><th scope="col">{t('datasets.column')}</th><th scope="col">{t('draft.decision')}</th><th scope="col">{t('datasets.reason')}</th><th scope="col">{t('datasets.coarsened')}</th></tr></thead>
          <tbody>{document.columns.map((column) => <Row key={column.name} draft={id} column={column} suggested={suggestionOf(column.name)} figures={profile?.columns.find(({ name }) => name === column.name)} document={document} change={change} />)}</tbody>
        </table>
      </div>
    </section>
  )
}

const without = (column: Changed<DatasetColumn>): DatasetColumn => Object.fromEntries(Object.entries(column).filter(([, value]) => value !== undefined)) as DatasetColumn

function Row({ draft, column, suggested, figures, document, change }: Part & { readonly draft: string; readonly column: DatasetColumn; readonly suggested: DatasetColumn | undefined; readonly figures: NonNullable<Draft['profile']>['columns'][number] | undefined }): ReactNode {
  const { t } = useTranslation('professional')
  const { name, role, reason, values = 'text' } = column
  const [isOpen, setOpen] = useState(false)
  const choice = useRef<HTMLSelectElement>(null)
  const put = (part: Changed<DatasetColumn>): void => change({ ...document, columns: document.columns.map((one) => one.name === name ? without({ ...one, ...part }) : one) })
  const isCoarsened = role === 'quasi-identifying' || needsHierarchy(document.policy.models, name)
  const decide = (next: DatasetRole): void => change(decided(document, name, next, suggested))
  return (
    <>
      <tr>
        <th scope="row"><code>{name}</code> <span className="muted small">{values}</span>{figures === undefined ? null : <div className="muted small">{t('draft.figuresOf', { missing: figures.missing, distinct: figures.distinct, alone: figures.alone })}</div>}</th>
        <td>
          <select ref={choice} id={`role-${name}`} aria-label={t('draft.roleOf', { column: name })} value={role} onChange={(event) => decide(event.target.value as DatasetRole)}>{datasetRoles.filter((one) => one !== 'unclassified' || role === one).map((one) => <option key={one} value={one}>{t(`draft.roles.${one}`)}</option>)}</select>
          {suggested === undefined || suggested.role === role || suggested.role === 'unclassified' ? null : <div className="small"><span className="muted">{t('draft.suggested', { role: t(`draft.roles.${suggested.role}`), reason: suggested.reason })}</span> <button type="button" className="plain" onClick={() => { decide(suggested.role); choice.current?.focus() }}>{t('draft.take')}<span className="visually-hidden"> ({name})</span></button></div>}
        </td>
        <td><textarea rows={2} aria-label={t('draft.reasonOf', { column: name })} value={reason} maxLength={1000} onChange={(event) => put({ reason: event.target.value })} /></td>
        <td>{isCoarsened ? <Coarser column={column} isOpen={isOpen} open={setOpen} /> : <span className="muted">–</span>}</td>
      </tr>
      {isCoarsened && isOpen ? <tr className="editor"><td colSpan={4}><HierarchyEditor draft={draft} column={column} suggested={suggested?.hierarchy} put={put} /></td></tr> : null}
    </>
  )
}

function Coarser({ column, isOpen, open }: { readonly column: DatasetColumn; readonly isOpen: boolean; readonly open: (isOpen: boolean) => void }): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <>
      <div className="small">{hierarchyInWords(column.hierarchy ?? { type: 'suppression' }, t)}</div>
      <div className="small muted">{limitsInWords(column, t)}</div>
      <button type="button" className="plain" aria-expanded={isOpen} onClick={() => open(!isOpen)}>{isOpen ? t('coarser.close') : t('coarser.open')}<span className="visually-hidden"> ({column.name})</span></button>
    </>
  )
}
