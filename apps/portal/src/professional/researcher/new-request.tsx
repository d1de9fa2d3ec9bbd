// A request for a count: to whom, what for, about which code, for how long. Each field is a member of the request document.
import { purposes, recipientClassCodes, secondaryPurposeCodes } from '@mhmd/schema'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { holdersOf } from '../../device/directory.ts'
import { Checks, TextQuestion } from '../../design/questions.tsx'
import { useDoing } from '../doing.tsx'
import { Page } from '../page.tsx'
import { useStaff } from '../staff-context.ts'

const empty = { holders: [] as readonly string[], title: '', summary: '', class: 'research-organisation', purpose: 'health-research', system: 'http://snomed.info/sct', code: '', days: '30' }

export function NewRequest(): ReactNode {
  const { t } = useTranslation('professional')
  const { node, directory } = useStaff()
  const [, go] = useLocation()
  const [form, setForm] = useState(empty)
  const [isTried, setTried] = useState(false)
  const doing = useDoing()
  const set = (part: Partial<typeof empty>): void => setForm({ ...form, ...part })
  const missing = { holders: form.holders.length === 0, title: form.title.trim() === '', code: form.code.trim() === '', days: !/^[1-9][0-9]{0,3}$/.test(form.days) }
  const errorOf = (name: keyof typeof missing): string | undefined => isTried && missing[name] ? t(`new.missing.${name}`) : undefined
  const submit = (): void => {
    setTried(true)
    if (Object.values(missing).some((one) => one)) return
    doing.run(async () => {
      const { request } = await node.post<{ request: string }>('/staff/1/requests', { holders: form.holders, class: form.class, title: form.title, summary: form.summary, purpose: form.purpose, categories: ['a'], fhirTypes: ['Condition'], question: { all: [{ type: 'condition', code: { system: form.system, code: form.code.trim() } }] }, days: Number(form.days) })
      go(`/requests/${request}`)
    })
  }
  return (
    <Page title={t('pages.researcher.new')} up={{ href: '/requests', label: t('pages.researcher.requests') }}>
      <form onSubmit={(event) => { event.preventDefault(); submit() }}>
        <Checks legend={t('new.holders')} error={errorOf('holders')} options={holdersOf(directory).map(({ id, name }) => ({ value: id, label: name }))} chosen={form.holders} choose={(holders) => set({ holders })} />
        <TextQuestion label={t('new.title')} value={form.title} change={(title) => set({ title })} error={errorOf('title')} />
        <TextQuestion label={t('new.summary')} hint={t('new.summaryHint')} value={form.summary} change={(summary) => set({ summary })} />
        <Choice label={t('new.class')} value={form.class} options={recipientClassCodes.map((code) => [code, code])} change={(value) => set({ class: value })} />
        <Choice label={t('request.purpose')} value={form.purpose} options={secondaryPurposeCodes.map((code) => [code, `${code}: ${purposes[code].label}`])} change={(purpose) => set({ purpose })} />
        <TextQuestion label={t('new.system')} value={form.system} change={(system) => set({ system })} isCode />
        <TextQuestion label={t('new.code')} hint={t('new.codeHint')} value={form.code} change={(code) => set({ code })} isCode error={errorOf('code')} />
        <TextQuestion label={t('new.days')} value={form.days} change={(days) => set({ days })} error={errorOf('days')} />
        {doing.error}
        <div className="actions"><button type="submit" className="primary" disabled={doing.working}>{t('new.file')}</button></div>
      </form>
    </Page>
  )
}

function Choice({ label, value, options, change }: { readonly label: string; readonly value: string; readonly options: readonly (readonly [string, string])[]; readonly change: (value: string) => void }): ReactNode {
  return <div className="field"><label><span className="label">{label}</span><select value={value} onChange={(event) => change(event.target.value)}>{options.map(([code, text]) => <option key={code} value={code}>{text}</option>)}</select></label></div>
}
