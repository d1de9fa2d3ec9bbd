// The chain of a channel: hashes the same whether computed along the way, again from a mark, or on from one on disk; and memory that doesn't grow with the channel.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { common, ledger, msp, peer } from '@hyperledger/fabric-protos'
import { canonicalText, utf8 } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import type { Transaction } from '@mhmd/contracts'
import { blockHash } from '@mhmd/ledger'
import type { Block } from '@mhmd/ledger'
import { sampleNetwork } from '@mhmd/ledger/testing'
import { headerHash } from './block-check.ts'
import { Chain } from './chain.ts'
import { MarkFile } from './marks.ts'

const network = sampleNetwork({ now: () => 1_800_000_000_000 })
const channel = { networkId: network.id, chaincode: 'mhmd' }

/** As a peer gives it: a call of `submit` that wrote its operation's key. */
function envelopeOf(transaction: Transaction, endorsers: readonly Uint8Array[] = []): Uint8Array {
  const input = new peer.ChaincodeInput()
  input.setArgsList([utf8('submit'), utf8(canonicalText(transaction as unknown as Canonical))])
  const id = new peer.ChaincodeID()
  id.setName('mhmd')
  const spec = new peer.ChaincodeSpec()
  spec.setChaincodeId(id)
  spec.setInput(input)
  const invocation = new peer.ChaincodeInvocationSpec()
  invocation.setChaincodeSpec(spec)
  const proposal = new peer.ChaincodeProposalPayload()
  proposal.setInput(invocation.serializeBinary())
  const write = new ledger.rwset.kvrwset.KVWrite()
  write.setKey(`\0operation\0${transaction.operationId}\0`)
  write.setValue(utf8('{}'))
  const writes = new ledger.rwset.kvrwset.KVRWSet()
  writes.setWritesList([write])
  const read = new ledger.rwset.kvrwset.KVRead()
  read.setKey(`\0member\0${transaction.submitter}\0`)
  writes.setReadsList([read])
  const space = new ledger.rwset.NsReadWriteSet()
  space.setNamespace('mhmd')
  space.setRwset(writes.serializeBinary())
  const results = new ledger.rwset.TxReadWriteSet()
  results.setNsRwsetList([space])
  const response = new peer.Response()
  response.setPayload(utf8(JSON.stringify({ events: [], order: [0] })))
  const done = new peer.ChaincodeAction()
  done.setResults(results.serializeBinary())
  done.setResponse(response)
  const answered = new peer.ProposalResponsePayload()
  answered.setExtension$(done.serializeBinary())
  const endorsed = new peer.ChaincodeEndorsedAction()
  endorsed.setProposalResponsePayload(answered.serializeBinary())
  endorsed.setEndorsementsList(endorsers.map((endorser) => {
    const endorsement = new peer.Endorsement()
    endorsement.setEndorser(endorser)
    return endorsement
  }))
  const payload = new peer.ChaincodeActionPayload()
  payload.setChaincodeProposalPayload(proposal.serializeBinary())
  payload.setAction(endorsed)
  const action = new peer.TransactionAction()
  action.setPayload(payload.serializeBinary())
  const whole = new peer.Transaction()
  whole.setActionsList([action])
  return enveloped(common.HeaderType.ENDORSER_TRANSACTION, whole.serializeBinary())
}

function enveloped(type: number, data: Uint8Array): Uint8Array {
  const channel = new common.ChannelHeader()
  channel.setType(type)
  const header = new common.Header()
  header.setChannelHeader(channel.serializeBinary())
  const payload = new common.Payload()
  payload.setHeader(header)
  payload.setData(data)
  const envelope = new common.Envelope()
  envelope.setPayload(payload.serializeBinary())
  return envelope.serializeBinary()
}

const identityOf = (name: string): Uint8Array => {
  const identity = new msp.SerializedIdentity()
  identity.setMspid(name)
  identity.setIdBytes(utf8('a certificate'))
  return identity.serializeBinary()
}

/** A channel: a block of configuration, one with genesis, then decisions, `perBlock` each. */
function channelOf(blocks: number, perBlock: number): { readonly fabric: common.Block[]; readonly operations: string[]; add(envelopes: readonly Uint8Array[], verdicts?: Uint8Array): void } {
  const fabric: common.Block[] = []
  const operations: string[] = []
  const add = (envelopes: readonly Uint8Array[], verdicts = new Uint8Array(envelopes.length)): void => {
    const header = new common.BlockHeader()
    header.setNumber(fabric.length)
    const before = fabric.at(-1)
    header.setPreviousHash(before === undefined ? new Uint8Array(0) : headerHash(before))
    header.setDataHash(createHash('sha256').update(Buffer.concat(envelopes)).digest())
    const data = new common.BlockData()
    data.setDataList([...envelopes])
    const metadata = new common.BlockMetadata()
    metadata.setMetadataList([new Uint8Array(0), new Uint8Array(0), verdicts])
    const block = new common.Block()
    block.setHeader(header)
    block.setData(data)
    block.setMetadata(metadata)
    fabric.push(block)
  }
  add([enveloped(common.HeaderType.CONFIG, new Uint8Array(0))])
  add([envelopeOf(network.genesis())])
  for (let at = 0; at < blocks; at++) {
    const decisions = Array.from({ length: perBlock }, (_, n) => network.decide(n, at + 1))
    operations.push(...decisions.map(({ operationId }) => operationId))
    add(decisions.map((decision) => envelopeOf(decision)))
  }
  return { fabric, operations, add }
}

suite('the chain of a channel', () => {
  test('however long the channel, only the newest transactions and one mark for 64 blocks are in memory', () => {
    const { fabric, operations } = channelOf(400, 2)
    const chain = new Chain(channel, { kept: 50 })
    for (const block of fabric) {
      chain.append(block)
      const { blocks, receipts, marks } = chain.held
      assert.ok(blocks <= 50 && receipts <= 50 && marks <= 7, JSON.stringify(chain.held))
    }
    assert.equal(chain.head.height, 400)
    assert.equal(chain.receipt(operations[0] as string), undefined)
    assert.equal(chain.receipt(operations.at(-1) as string)?.height, 400)
  })

  test('blocks computed again from any mark have the hashes that they had, each naming the one before', () => {
    const { fabric } = channelOf(200, 1)
    const whole = new Chain(channel, { kept: 1000 })
    const small = new Chain(channel, { kept: 3 })
    for (const block of fabric) for (const chain of [whole, small]) chain.append(block)
    assert.deepEqual(small.head, whole.head)
    for (const from of [0, 1, 63, 64, 65, 127, 128, 200]) {
      let mark = small.before(from)
      assert.ok(mark.height < from && mark.height >= from - 64, String(from))
      const again: Block[] = []
      for (const block of fabric.slice(mark.next)) {
        const { mark: reached, block: made } = small.after(mark, block)
        mark = reached
        if (made !== undefined && made.height >= from) again.push(made)
      }
      assert.deepEqual(again, Array.from({ length: 201 - from }, (_, at) => whole.kept(from + at)))
      for (const { hash, ...body } of again) assert.equal(blockHash(body), hash)
    }
  })

  test('a block tells beside the port who endorsed each transaction and what it read, also of one that came to nothing by a conflict', () => {
    const { fabric, add } = channelOf(1, 1)
    const [taken, conflicting, forged] = [1, 2, 3].map((citizen) => network.decide(citizen, 1)) as [Transaction, Transaction, Transaction]
    const { ENDORSEMENT_POLICY_FAILURE, MVCC_READ_CONFLICT, VALID } = peer.TxValidationCode
    add([
      envelopeOf(taken, [identityOf('romeMSP'), identityOf('accountsMSP'), identityOf('romeMSP'), Uint8Array.of(255, 255, 255)]), envelopeOf(conflicting, [identityOf('romeMSP'), identityOf('instituteMSP')]), envelopeOf(forged, [identityOf('romeMSP')]),
    ], Uint8Array.of(VALID, MVCC_READ_CONFLICT, ENDORSEMENT_POLICY_FAILURE))
    const chain = new Chain(channel)
    for (const block of fabric) chain.append(block)
    const block = chain.kept(2)
    assert.deepEqual(block?.committed.map(({ code, writes }) => [code, writes.length]), [['VALID', 1], ['MVCC_READ_CONFLICT', 0], ['ENDORSEMENT_POLICY_FAILURE', 0]])
    const reads = [['member', 'rome']]
    assert.deepEqual(block?.endorsements, [{ endorsers: ['accountsMSP', 'romeMSP'], reads }, { endorsers: ['instituteMSP', 'romeMSP'], reads }, { endorsers: ['romeMSP'], reads: [] }])
    const { endorsements, hash, ...body } = block ?? assert.fail()
    assert.equal(endorsements.length, 3)
    assert.equal(blockHash(body), hash)
  })

  test('a receipt read from its block again is the one that was kept', () => {
    const { fabric, operations } = channelOf(10, 3)
    const whole = new Chain(channel)
    const small = new Chain(channel, { kept: 1 })
    for (const block of fabric) for (const chain of [whole, small]) chain.append(block)
    for (const operationId of operations) {
      const kept = whole.receipt(operationId)
      assert.ok(kept !== undefined)
      assert.deepEqual(small.receiptIn(fabric[kept.height + 1] as common.Block, operationId), kept)
    }
    assert.equal(small.receiptIn(fabric[2] as common.Block, 'no-such-operation'), undefined)
  })

  test('a block whose data changed, or that names another before it, is not taken', () => {
    const { fabric } = channelOf(3, 1)
    const chain = new Chain(channel)
    chain.append(fabric[0] as common.Block)
    chain.append(fabric[1] as common.Block)
    const spoiled = common.Block.deserializeBinary((fabric[2] as common.Block).serializeBinary())
    const data = Buffer.from(spoiled.getData()?.getDataList_asU8()[0] ?? [])
    data[data.length >> 1] = (data[data.length >> 1] ?? 0) ^ 1
    spoiled.getData()?.setDataList([data])
    assert.throws(() => chain.append(spoiled), { code: 'LEDGER_CORRUPT_BLOCK' })
    const foreign = common.Block.deserializeBinary((fabric[2] as common.Block).serializeBinary())
    foreign.getHeader()?.setPreviousHash(new Uint8Array(32))
    assert.throws(() => chain.append(foreign), { code: 'LEDGER_CORRUPT_BLOCK' })
    chain.append(fabric[2] as common.Block)
    assert.equal(chain.head.height, 1)
  })
})

suite('the marks of a chain on disk', () => {
  let folder = ''
  before(() => { folder = mkdtempSync(join(tmpdir(), 'fabric-marks-')) })
  after(() => rmSync(folder, { recursive: true }))
  let files = 0

  const names = { ...channel, channel: 'mhmd' }
  const { fabric } = channelOf(200, 1)

  /** A chain that reads a channel from where its file lets it, as a client does. Gives the Fabric numbers of the blocks it read. */
  function reads(file: string, blocks: readonly common.Block[], given = names): { readonly chain: Chain; readonly read: number[] } {
    const marks = new MarkFile(file, given)
    const chain = new Chain(given, { onMark: (mark) => marks.append(mark) })
    chain.resume(marks.read())
    const read = blocks.slice(chain.next)
    for (const block of read) chain.append(block)
    return { chain, read: read.map((block) => block.getHeader()?.getNumber() ?? 0) }
  }
  const fresh = (): string => join(folder, 'home', `marks-${files++}`)

  test('a chain that was cut anywhere goes on from the newest mark: fewer than 65 blocks are read again, with the same hashes, and the file is the one of a chain that never stopped', () => {
    const whole = fresh()
    const { chain: uncut } = reads(whole, fabric)
    for (const cut of [2, 3, 65, 66, 67, 129, 130, 200, 202]) {
      const file = fresh()
      reads(file, fabric.slice(0, cut))
      const { chain, read } = reads(file, fabric)
      assert.ok(cut - (read[0] ?? cut) < 65, `${cut}: from ${read[0]}`)
      assert.deepEqual(chain.head, uncut.head, String(cut))
      assert.deepEqual(chain.before(130), uncut.before(130))
      assert.equal(chain.base, uncut.base)
      assert.equal(readFileSync(file, 'utf8'), readFileSync(whole, 'utf8'))
      assert.deepEqual(reads(file, fabric).chain.head, uncut.head)
    }
  })

  test('lost, torn, changed, or another channel\'s: what is not whole counts as not there, and reading begins further back', () => {
    const file = fresh()
    const { chain: uncut } = reads(file, fabric)
    const text = readFileSync(file, 'utf8')
    const first = text.indexOf('\n') + 1
    const from = (content: string, given = names): number => {
      const torn = fresh()
      mkdirSync(join(folder, 'home'), { recursive: true })
      writeFileSync(torn, content)
      const { chain, read } = reads(torn, fabric, given)
      if (given === names) {
        assert.deepEqual(chain.head, uncut.head)
        assert.equal(readFileSync(torn, 'utf8'), text)
      }
      return read[0] ?? -1
    }
    assert.equal(from(text), 193)
    assert.equal(from(''), 0)
    assert.equal(from(text.slice(0, -1)), 193)
    for (const cut of [2, 20, 100]) assert.equal(from(text.slice(0, -cut)), 129, `cut by ${cut}`)
    assert.equal(from(text.slice(0, first + 5)), 1)
    assert.equal(from(`${text}{`), 193)
    assert.equal(from(`\0\0${text}`), 0)
    assert.equal(from(text.slice(first)), 0)
    assert.equal(from(text.replace('"height":127', '"height":126')), 65)
    for (const given of [{ ...names, networkId: 'another' }, { ...names, channel: 'another' }, { ...names, chaincode: 'another' }]) assert.equal(from(text, given), 0)
  })

  test('a mark of another chain is not taken for this one: the next block names another before it', () => {
    const chain = new Chain(channel)
    const file = fresh()
    reads(file, fabric)
    const marks = new MarkFile(file, names).read()
    chain.resume(marks.map((mark) => ({ ...mark, fabricHash: new Uint8Array(32) })))
    assert.throws(() => chain.append(fabric[chain.next] as common.Block), { code: 'LEDGER_CORRUPT_BLOCK' })
  })
})
