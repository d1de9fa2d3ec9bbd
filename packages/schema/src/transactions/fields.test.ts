// Accepted and refused texts for every field that transactions are made of.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Country, Digest, Ehds51Category, Endpoint, Height, HostName, Id, MemberId, OrganisationName, PemCertificate, PeopleEndpoint, ReasonCode, SignatureText, Time, Version, VocabularyCode } from './fields.ts'
import { purposeCodes } from '../vocabularies/purposes.ts'
import { formCodes } from '../vocabularies/forms.ts'
import { requestBasisCodes } from '../vocabularies/bases.ts'

const zeros = (length: number): string => Buffer.alloc(length).toString('base64url')
const ones = (length: number): string => Buffer.alloc(length, 255).toString('base64url')
const pem = (body: string): string => `-----BEGIN CERTIFICATE-----\n${body}-----END CERTIFICATE-----\n`

const fields: Readonly<Record<string, { schema: TSchema; accepted: readonly unknown[]; refused: readonly unknown[] }>> = {
  Id: { schema: Id, accepted: ['0123456789abcdefghjkmnpqrs'], refused: ['', '0123456789abcdefghjkmnpqri', '0123456789ABCDEFGHJKMNPQRS', '0123456789abcdefghjkmnpqrst', '../456789abcdefghjkmnpqrs', 5, null] },
  MemberId: { schema: MemberId, accepted: ['rome', 'st-anna-2'], refused: ['a', 'Rome', '2rome', 'rome/..', 'rome\n', 'r'.repeat(32), 'röme'] },
  Digest: { schema: Digest, accepted: [zeros(32), ones(32)], refused: [zeros(31), zeros(33), `${zeros(32)}=`, `${'A'.repeat(42)}B`, `+${'A'.repeat(42)}`, ` ${zeros(32)}`] },
  SignatureText: { schema: SignatureText, accepted: [zeros(64), ones(64)], refused: [zeros(63), zeros(65), `${'A'.repeat(85)}B`] },
  Time: { schema: Time, accepted: [1, 1_900_000_000_000, 253_402_300_799_999], refused: [0, -1, 1.5, 253_402_300_800_000, 1e300, Number.NaN, Infinity, '2030-01-01', null] },
  Version: { schema: Version, accepted: [1, 1_000_000_000], refused: [0, -1, 1.5, 1_000_000_001, '1'] },
  Height: { schema: Height, accepted: [1], refused: [0, -1, 0.5] },
  ReasonCode: { schema: ReasonCode, accepted: ['WITHIN_TERMS', 'NOT_FOR_US'], refused: ['', 'WITHIN', 'within_terms', 'SHE_HAS_J45', 'RSSNNA70A41H501X', 'A B'] },
  VocabularyCode: { schema: VocabularyCode, accepted: [...purposeCodes, ...formCodes, ...requestBasisCodes], refused: ['', 'x', 'Alice Rossi', 'alice_rossi', 'j45.9', 'a-b', 'health--research'] },
  Country: { schema: Country, accepted: ['IT', 'DE'], refused: ['it', 'ITA', ''] },
  Ehds51Category: { schema: Ehds51Category, accepted: ['a', 'q'], refused: ['r', 'A', 'aa', ''] },
  HostName: { schema: HostName, accepted: ['localhost', 'rome.localhost', 'a-b.example.org'], refused: ['', '-a', 'a-', 'a..b', 'A.b', 'a/b', 'a_b'] },
  Endpoint: { schema: Endpoint, accepted: ['https://127.0.0.1:7000', 'https://rome.example.org'], refused: ['http://127.0.0.1:7000', 'https://a/b', 'https://a?b', 'https://user@a', 'javascript:alert(1)', ''] },
  PeopleEndpoint: { schema: PeopleEndpoint, accepted: ['http://rome.localhost:7001', 'https://rome.example.org'], refused: ['ftp://a', 'http://a/b', 'http://a b'] },
  PemCertificate: { schema: PemCertificate, accepted: [pem(`${'A'.repeat(64)}\nAA==\n`)], refused: ['', pem(''), pem(`${'A'.repeat(65)}\n`), pem('free text\n'), pem(`${'A'.repeat(64)}\n`.repeat(70)), pem('AA==\n').replaceAll('\n', '\r\n'), pem('AA==\n').replaceAll('CERTIFICATE', 'PRIVATE KEY')] },
  OrganisationName: { schema: OrganisationName, accepted: ['Ospedale Sant’Anna', '病院', '🏥'], refused: ['', 'a\tb', 'a\u0000', '\udc00', 'x'.repeat(121)] },
}

describe('fields of transactions', () => {
  for (const [name, { schema, accepted, refused }] of Object.entries(fields)) {
    it(`${name} takes what it should and nothing else`, () => {
      const field = Compile(schema)
      for (const value of accepted) assert.ok(field.Check(value), `takes ${JSON.stringify(value)}`)
      for (const value of refused) assert.ok(!field.Check(value), `refuses ${JSON.stringify(value)}`)
    })
  }
})
