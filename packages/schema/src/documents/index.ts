// Every document whose JSON Schema stands in `schemas/`.
import { catalogueEntryDocument } from './catalogue-entry.ts'
import { consentTermsDocument } from './consent-terms.ts'
import { datasetDocument, offeredDatasetDocument } from './dataset.ts'
import { deidJobDocument } from './deid-job.ts'
import { deidRecipientDocument, deidSealedDocument } from './deid-manifests.ts'
import { hierarchySpecDocument } from './hierarchy-spec.ts'
import { questionDocument } from './question.ts'
import { useRequestDocument } from './use-request.ts'
import { viewDefinitionDocument } from './view-definition.ts'

export const documents = [catalogueEntryDocument, consentTermsDocument, datasetDocument, deidJobDocument, deidRecipientDocument, deidSealedDocument, hierarchySpecDocument, offeredDatasetDocument, questionDocument, useRequestDocument, viewDefinitionDocument] as const
